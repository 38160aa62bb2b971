// Prints what Vitest's JSON report says in one line, `N passed, N failed`; before it, the tests that were left out,
// each of which counts as a failure. Fails if there is any, or no report.
import { readFileSync } from 'node:fs';

const [file] = process.argv.slice(2);

function read() {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    console.log('The tests did not run to their end.');
    return { testResults: [{ status: 'failed', assertionResults: [] }] };
  }
}

let passed = 0;
let failed = 0;
for (const { name, status, assertionResults } of read().testResults) {
  // A file that could not be loaded has failed without a test of its own.
  if (status === 'failed' && !assertionResults.some((test) => test.status === 'failed')) failed += 1;
  for (const test of assertionResults) {
    if (test.status === 'passed') passed += 1;
    else failed += 1;
    if (test.status !== 'passed' && test.status !== 'failed') console.log(`Left out: ${test.fullName} (${name})`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
