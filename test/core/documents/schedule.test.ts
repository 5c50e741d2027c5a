import { describe, expect, test } from 'vitest';
import { scheduleFault, timeZoneFault } from '../../../src/core/documents/schedule.ts';

describe('schedules', () => {
  test.each([
    '0 7 * * MON',
    '0 7 * * mon-fri',
    '*/15 * * * *',
    '0 0 1 JAN,JUL *',
    '0 0 1-7 * 0',
    '59 23 31 12 7',
    '0 8-18/2 * * 1-5',
    '0,30 7 * * *',
    '0 0 29 2 *',
    '  0  7 * *\t1 ',
    '0 0 31 2,3 *',
  ])('%j is one', (text) => {
    expect(scheduleFault(text)).toBeUndefined();
  });

  test.each([
    ['60 7 * * *', '"60" does not fit the minute'],
    ['0 24 * * *', '"24" does not fit the hour'],
    ['0 7 0 * *', '"0" does not fit the day of the month'],
    ['0 7 32 * *', '"32" does not fit the day of the month'],
    ['0 7 * 13 *', '"13" does not fit the month'],
    ['0 7 * MAI *', '"MAI" does not fit the month'],
    ['0 7 * * 8', '"8" does not fit the day of the week'],
    ['0 7 * * MONDAY', '"MONDAY" does not fit the day of the week'],
    ['0 7 * * FRI-MON', '"FRI-MON" does not fit the day of the week'],
    ['0 7 L * *', '"L" does not fit the day of the month'],
    ['0 7 ? * *', '"?" does not fit the day of the month'],
    ['*/0 7 * * *', '"*/0" does not fit the minute'],
    ['5/10 7 * * *', '"5/10" does not fit the minute'],
    ['1-2-3 7 * * *', '"1-2-3" does not fit the minute'],
    ['1, 7 * * *', '"1," does not fit the minute'],
    ['-1 7 * * *', '"-1" does not fit the minute'],
    ['0x5 7 * * *', '"0x5" does not fit the minute'],
    ['0 0 30 2 *', '"0 0 30 2 *" never comes: no such day in that month'],
    ['0 0 31 4,6,9,11 *', '"0 0 31 4,6,9,11 *" never comes: no such day in that month'],
    ['@daily', '"@daily" has 1 field, a schedule has 5'],
    ['0 0 7 * * MON', '"0 0 7 * * MON" has 6 fields, a schedule has 5'],
  ])('%j is none: %s', (text, message) => {
    expect(scheduleFault(text)?.message).toBe(message);
  });

  test('an impossible day of the month comes all the same when days of the week are named', () => {
    expect(scheduleFault('0 0 30 2 MON')).toBeUndefined();
  });

  test('the fix says what the field takes', () => {
    expect(scheduleFault('0 7 * * 8')?.fix).toBe('write *, 0 to 7, SUN to SAT, a range, a list, or a step such as */2');
  });
});

describe('time zones', () => {
  test.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5', 'Asia/Calcutta'])('%s is one', (name) => {
    expect(timeZoneFault(name)).toBeUndefined();
  });

  test.each([
    ['Europe/Berln', 'write Europe/Berlin'],
    ['europe/berlin', 'write Europe/Berlin'],
    ['+01:00', 'write an IANA name such as Europe/Berlin, or UTC'],
    ['Middle/Earth', 'write an IANA name such as Europe/Berlin, or UTC'],
  ])('%s is none; %s', (name, fix) => {
    expect(timeZoneFault(name)).toEqual({ message: `"${name}" is not a time zone`, fix });
  });
});
