import type { Fault } from '../../model/errors.ts';
import { type Check, sentenceOf } from './check.ts';

/**
 * A check as JUnit's XML, as most CI servers read it: a test case for each document of a file without faults, one for each file
 * with faults, which fails with all of them, one that is skipped for each document of another group. A failure without
 * faults is a test case in error.
 */
export function* junit({ documents, skipped, faults, failure }: Check): Generator<string> {
  const byFile = Map.groupBy(faults, ({ file }) => file);
  const sound = documents.filter(({ source }) => !byFile.has(source.file));
  const errors = failure === undefined ? 0 : 1;
  const counts = `tests="${sound.length + skipped.length + byFile.size + errors}" failures="${byFile.size}" errors="${errors}"`;
  yield '<?xml version="1.0" encoding="UTF-8"?>';
  yield `<testsuites name="padlock" ${counts}>`;
  yield `  <testsuite name="padlock validate" ${counts} skipped="${skipped.length}">`;
  for (const { kind, metadata, source } of sound) yield `    <testcase ${naming(source.file, `${kind} ${metadata.name}`)}/>`;
  for (const [file, own] of byFile) yield* failed(file, own);
  for (const { file, line, apiVersion, kind } of skipped) {
    yield `    <testcase ${naming(file, `${kind} in line ${line}`)}>`;
    yield `      <skipped message="${escaped(`another group: ${apiVersion}`)}"/>`;
    yield '    </testcase>';
  }
  if (failure !== undefined) {
    yield `    <testcase ${naming('padlock', failure.code)}>`;
    yield `      <error type="${failure.code}" message="${escaped(sentenceOf(failure))}"/>`;
    yield '    </testcase>';
  }
  yield '  </testsuite>';
  yield '</testsuites>';
}

function* failed(file: string, faults: readonly Fault[]): Generator<string> {
  const [first] = faults;
  const message = faults.length === 1 && first !== undefined ? sentenceOf(first) : `${faults.length} errors`;
  yield `    <testcase ${naming(file, file)}>`;
  yield `      <failure type="${first?.code ?? ''}" message="${escaped(message)}">`;
  for (const fault of faults) yield escaped(`${file}:${fault.line}:${fault.column}  ${fault.code}  ${sentenceOf(fault)}`);
  yield '      </failure>';
  yield '    </testcase>';
}

function naming(file: string, name: string): string {
  return `classname="${escaped(file)}" name="${escaped(name)}" file="${escaped(file)}"`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A text as XML may hold it: what is no character there is shown by its number. */
function escaped(text: string): string {
  return text
    .replaceAll(/\p{C}/gu, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`)
    .replaceAll(/[&<>"]/g, (char) => ENTITIES[char] ?? char);
}
