/**
 * Fuzzes the reading of documents for as long as it is told: `npm run fuzz -- --seconds 3600 --seed 7`. Ends with 1 and the text
 * when something does not hold (the same seed finds it again), else tells how far it got.
 */
import { parseArgs } from 'node:util';
import { Broken, fuzz } from '../test/fuzz/fuzz.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string', default: '1' } } });
const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
if (!(seconds > 0) || !Number.isInteger(seed)) throw new RangeError('--seconds is a number above 0, --seed a whole number');

const began = performance.now();
let told = began;
try {
  for (const { runs, kept, features, accepted } of fuzz(seed)) {
    const now = performance.now();
    const isOver = now - began >= seconds * 1000;
    if (!isOver && now - told < 10_000) continue;
    told = now;
    console.log(`${Math.round((now - began) / 1000)} s · ${runs} texts · ${kept} kept · ${features} features · ${accepted} accepted`);
    if (isOver) break;
  }
} catch (error) {
  if (!(error instanceof Broken)) throw error;
  console.error(`seed ${seed}: ${error.message}`);
  process.exitCode = 1;
}
