import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { connection } from './connection.ts';
import { type Answer, type Asked, SURVEY_ROWS, type SurveyData } from './survey.ts';

/** The thread that surveys: it reads one store, a statement at a time, and gives rows as they are asked for. */
const { path, patience } = workerData as SurveyData;
const database = connection(path, true, patience);
/** Statements with rows left, by the number of who asked. */
const open = new Map<number, IterableIterator<unknown>>();

function answer(asked: Asked): Answer {
  if (asked.what === 'end') {
    open.get(asked.id)?.return?.();
    open.delete(asked.id);
    return { rows: [], more: false };
  }
  if (asked.what === 'run') {
    const statement = database.prepare(asked.sql);
    if (!statement.reader) {
      statement.run(asked.values);
      return { rows: [], more: false };
    }
    open.set(asked.id, statement.iterate(asked.values));
  }
  const statement = open.get(asked.id);
  const rows: unknown[] = [];
  while (statement !== undefined && rows.length < SURVEY_ROWS) {
    const { done, value } = statement.next();
    if (done === true) {
      open.delete(asked.id);
      break;
    }
    rows.push(value);
  }
  return { rows, more: open.has(asked.id) };
}

parentPort?.on('message', (asked: Asked) => {
  try {
    parentPort?.postMessage(answer(asked));
  } catch (error) {
    open.delete(asked.id);
    const code = error instanceof Database.SqliteError ? error.code : null;
    parentPort?.postMessage({ failed: error instanceof Error ? error.message : String(error), code });
  }
});
