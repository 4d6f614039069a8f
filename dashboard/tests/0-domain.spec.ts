import { expect, test } from '@playwright/test';
import { canonical, grouped, percent } from '../src/domain/decimal';
import { pasted } from '../src/pages/sheet/grid';

test('a rate is shown as percent by moving the point, cut and never rounded up', () => {
  expect(percent('1.022222')).toBe('102.22');
  expect(percent('0.999999')).toBe('99.99');
  expect(percent('0.070000')).toBe('7.00');
  expect(percent('0.000000')).toBe('0.00');
  expect(percent('12.5', 4)).toBe('1250.0000');
  expect(percent('-0.034000')).toBe('-3.40');
  expect(percent(null)).toBeNull();
});

test('amounts are grouped as text, whatever their length', () => {
  expect(grouped('51480.81')).toBe('51,480.81');
  expect(grouped('-1234567')).toBe('-1,234,567');
  expect(grouped('123456789012345678901.123456')).toBe('123,456,789,012,345,678,901.123456');
});

test('what is typed becomes a canonical decimal or nothing', () => {
  expect(canonical(' 49,876.54 ')).toBe('49876.54');
  expect(canonical('４９．５')).toBe('49.5');
  expect(canonical('49，876')).toBe('49876');
  for (const typed of ['1e5', '', '12.', '007', '一百', '1.1234567']) expect(canonical(typed)).toBeNull();
});

test('what spreadsheets put on the clipboard', () => {
  expect(pasted('98%')).toBeNull();
  expect(pasted('98%\r\n')).toBeNull();
  expect(pasted('98%\r\n97%\r\n')).toEqual([['98%'], ['97%']]);
  expect(pasted('98%\t达标\n\t\n97%\t"第一行\n第二行说""好"""')).toEqual([['98%', '达标'], ['', ''], ['97%', '第一行 第二行说"好"']]);
  expect(pasted('98%\n\n97%')).toEqual([['98%'], [''], ['97%']]);
});
