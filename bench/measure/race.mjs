import { forgetCaches } from './cold-cache.mjs';

/**
 * Lets contenders do the same work in interleaved rounds, each round in another order, so that a disturbance of the
 * machine hits all of them alike. Warm races have one round before that does not count.
 *
 * A contender is `{name, isOurs?, beside?, before?, run, check?, after?}`; `beside` names the one of ours to show the
 * ratio to where there are several: only `run` is timed; it resolves with
 * `{ms, cpuMs, peakMiB, answer}`; `check(answer)` throws when the answer is wrong and may return a remark.
 */
export async function race(contenders, { rounds, isCold = false, say }) {
  const results = new Map(
    contenders.map(({ name, isOurs = false, beside }) => [name, { name, isOurs, beside, samples: [] }]),
  );
  for (let round = isCold ? 1 : 0; round <= rounds; round += 1) {
    for (let k = 0; k < contenders.length; k += 1) {
      const contender = contenders[(k + round) % contenders.length];
      const result = results.get(contender.name);
      if (!result.error) await runOnce(contender, result, { round, isCold, say });
    }
  }
  return [...results.values()];
}

async function runOnce(contender, result, { round, isCold, say }) {
  try {
    await contender.before?.();
    if (isCold) forgetCaches();
    const { answer, ...sample } = await contender.run();
    result.remark = (await contender.check?.(answer)) ?? result.remark;
    if (round > 0) result.samples.push(sample);
    say(`  ${round === 0 ? 'warm-up' : `round ${round}`}  ${contender.name}  ${sample.ms.toFixed(0)} ms`);
  } catch (error) {
    result.error = error.message;
    say(`  ${contender.name}  FAILED: ${error.message}`);
  } finally {
    await contender.after?.();
  }
}

export class WrongAnswer extends Error {}

export function requireEqual(what, actual, expected) {
  if (actual === expected) return;
  throw new WrongAnswer(`wrong answer: ${what} is ${actual}, the truth is ${expected}`);
}
