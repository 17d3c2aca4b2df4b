import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { errorBodySchema } from '../../src/contract/error-body.ts';
import { errorCodes, errorIn, errorKinds } from '../../src/contract/errors.ts';

const word = (known: readonly string[]) =>
  fc.oneof(
    { arbitrary: fc.constantFrom(...known), weight: 6 },
    fc.string(),
    fc.constantFrom<unknown>('toString', 7, null),
  );
const anyError = fc.record(
  {
    code: word(Object.keys(errorCodes)),
    kind: word(errorKinds),
    message: fc.oneof({ arbitrary: fc.string(), weight: 4 }, fc.constant(null)),
    hint: fc.oneof(fc.string(), fc.string(), fc.constant(undefined), fc.integer()),
  },
  { requiredKeys: [] },
);
const anyBody = fc.oneof(fc.record({ error: anyError }), fc.record({ error: fc.anything() }), fc.anything());

describe('the error in an answer', () => {
  it('is read without the schema library as with it', () => {
    let found = 0;
    fc.assert(
      fc.property(anyBody, (body) => {
        const parsed = errorBodySchema.safeParse(body);
        if (parsed.success) found += 1;
        assert.deepEqual(errorIn(body), parsed.success ? { hint: undefined, ...parsed.data.error } : null);
      }),
      { numRuns: 2_000 },
    );
    assert.ok(found > 20, `only ${found} of the bodies were errors`);
  });
});

describe('an answer that was asked for before the program was there', () => {
  it('is given once, for its address alone, and none after the start', async () => {
    const answers = new Map(
      ['/api/locations', '/api/diff?a=1', '/api/hash'].map((url) => [url, Promise.resolve(new Response(url))]),
    );
    Object.assign(globalThis, { window: { weightroomStart: { stored: {}, address: '/sync', answers } } });
    const { endFirstAsks, firstAnswer, hasFirstAnswers } = await import('../../src/web/api/first-answers.ts');
    assert.ok(hasFirstAnswers());
    assert.equal(await (await firstAnswer('/api/locations'))?.text(), '/api/locations');
    assert.equal(firstAnswer('/api/locations'), undefined);
    assert.equal(firstAnswer('/api/diff?a=2'), undefined);
    assert.deepEqual(endFirstAsks(), { address: '/sync', urls: ['/api/locations', '/api/locations', '/api/diff?a=2'] });
    assert.equal(firstAnswer('/api/hash'), undefined);
    assert.ok(!hasFirstAnswers());
  });
});
