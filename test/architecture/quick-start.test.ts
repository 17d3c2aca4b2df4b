import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const { quickToStart } = (await import(new URL('../../scripts/quick-start.mjs', import.meta.url).href)) as {
  quickToStart(name: string, code: string): string;
};

/** A bundle as the build makes them, with every form of import that one may hold. */
const bundle = [
  'import fs,{readFileSync,writeSync as write}from"node:fs";import*as os from"node:os";',
  'import { setTimeout as delay } from "node:timers/promises";',
  'import{createServer}from"node:http";',
  `const emoji="😀 “é”…";const text=\`\${emoji}—\${os.EOL.length}\\\\“\`;`,
  'export const found=["naïve 😀".replace(/[é-ï]/,"_"),/^\\p{L}…😀$/u.test("é…😀"),/^[😀é]+$/u.test("😀é"),emoji.length];',
  'export const kinds=[typeof fs.openSync,readFileSync===fs.readFileSync,write===fs.writeSync,typeof delay,typeof createServer];',
  'export{text};export const words="import x from \\"elsewhere\\"";',
].join('\n');

test('a rewritten bundle means what it meant, and loads nothing that it does not use', async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'weightroom-quick-'));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const [before, after] = ['before.mjs', 'after.mjs'].map((name) => path.join(folder, name)) as [string, string];
  const rewritten = quickToStart('bundle', bundle);
  assert.doesNotMatch(rewritten, /[\u0080-\uffff]/);
  fs.writeFileSync(before, bundle);
  fs.writeFileSync(after, rewritten);
  const exported = async (file: string): Promise<object> => ({ ...(await import(pathToFileURL(file).href)) });
  assert.deepEqual(await exported(after), await exported(before));
  const loads = (file: string): boolean =>
    execFileSync(process.execPath, [
      '--input-type=module',
      '-e',
      `await import(${JSON.stringify(pathToFileURL(file).href)}); console.log(process.moduleLoadList.join(' '))`,
    ]).includes('undici');
  assert.deepEqual([loads(before), loads(after)], [true, false]);
});

test('what an escape would change ends the build', () => {
  for (const code of ['const a=String.raw`é`;', 'const a=/\\…/;', 'import{a}from"node:fs" with{type:"x"};'])
    assert.throws(() => quickToStart('bundle', code), /^Error: bundle: /, code);
});
