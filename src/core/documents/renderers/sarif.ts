import { createHash } from 'node:crypto';
import { anchorOf, ERROR_HELP, ERRORS_PAGE } from '../../model/error-help.ts';
import type { ErrorCode, Fault } from '../../model/errors.ts';
import type { Json, JsonObject } from '../../model/words.ts';
import { type Check, sentenceOf } from './check.ts';

/**
 * A check as SARIF 2.1.0 (OASIS), as code scanning reads it: rules are error codes; fingerprints stay the same when lines
 * move. A failure without faults is a notification of an invocation that was not successful.
 */
export function sarif(check: Check): string {
  const { faults, failure, version, exitCode } = check;
  const codes = [...new Set([...faults.map(({ code }) => code), ...(failure === undefined ? [] : [failure.code])])].sort();
  const notifications = failure === undefined ? [] : [notification(failure)];
  const run = {
    tool: { driver: { name: 'Padlock', semanticVersion: version, rules: codes.map(rule) } },
    columnKind: 'utf16CodeUnits',
    invocations: [{ executionSuccessful: failure === undefined, exitCode, toolExecutionNotifications: notifications }],
    artifacts: [...new Set(faults.map(({ file }) => file))].map((file) => ({ location: { uri: uriOf(file) } })),
    results: results(faults, codes),
  };
  return JSON.stringify({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }, null, 2);
}

function rule(code: ErrorCode): JsonObject {
  const { means, cause, remedy } = ERROR_HELP[code];
  const text = `${cause} ${remedy}`;
  return {
    id: code,
    shortDescription: { text: means },
    fullDescription: { text: `${means}. ${text}` },
    help: { text, markdown: `${text} See \`${ERRORS_PAGE}#${anchorOf(code)}\`.` },
    defaultConfiguration: { level: 'error' },
  };
}

function notification(failure: NonNullable<Check['failure']>): JsonObject {
  return { descriptor: { id: failure.code }, level: 'error', message: { text: sentenceOf(failure) } };
}

function results(faults: readonly Fault[], codes: readonly ErrorCode[]): Json[] {
  const seen = new Map<string, number>();
  return faults.map((fault) => {
    const { code, file, line, column, text } = fault;
    const lasting = fingerprint(fault);
    const nth = seen.get(lasting) ?? 0;
    seen.set(lasting, nth + 1);
    const region = { startLine: line, startColumn: column, ...(text !== undefined && { endColumn: column + text.length }) };
    return {
      ruleId: code,
      ruleIndex: codes.indexOf(code),
      level: 'error',
      message: { text: sentenceOf(fault) },
      locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(file) }, ...(line > 0 && { region }) } }],
      partialFingerprints: { 'padlockFault/v1': `${lasting}:${nth + 1}` },
    };
  });
}

/** What stays the same of a fault when lines are added above it; messages name lines, so their digits are left out. */
function fingerprint({ code, file, text, message }: Fault): string {
  const lasting = JSON.stringify([code, file, text ?? '', message.replaceAll(/[0-9]+/g, '')]);
  return createHash('sha256').update(lasting).digest('hex').slice(0, 32);
}

/** A path as a URI: relative ones stay so, those from the root get a scheme. */
function uriOf(file: string): string {
  const path = file.split('/').map(encodeURIComponent).join('/');
  return path.startsWith('/') ? `file://${path}` : path;
}
