import { expect, it } from 'vitest';
import { incident } from '../testing/incident.ts';
import { clip, clipBytes, fitPage, fitText } from './fit.ts';
import { renderPage } from './page.ts';
import { pageText } from './text.ts';

const page = renderPage(incident(), { publicUrl: 'https://f.example.com', timeZone: 'UTC' });
const whole = pageText(page);

it('a page with room stays whole', () => {
  expect(fitText(page, whole.length)).toBe(whole);
});

it('the least needed part goes first, owner and runbook last', () => {
  const text = fitText(page, whole.length - 1);
  expect(text).not.toContain('Last time');
  expect(text).toContain('Checked:');
  const small = fitText(page, 350);
  expect(small).toContain('Owner: storage');
  expect(small).not.toContain('Change:');
});

it.each([10_000, 900, 300, 160, 80, 20, 1])('%d characters are never exceeded', (maxChars) => {
  expect(fitText(page, maxChars).length).toBeLessThanOrEqual(maxChars);
});

it('a small text keeps the headline and the link', () => {
  expect(fitText(page, 160)).toBe(`${page.headline}\n${page.link}`);
  expect(fitText(page, 100)).toMatch(/^CRIT checkout .*…\nhttps:\/\/f\.example\.com\/incidents\/inc1$/);
});

it('when nothing fits, the smallest page is left', () => {
  const smallest = fitPage(page, () => false);
  expect([smallest.headline, smallest.cause, smallest.link]).toEqual([page.headline, page.cause, page.link]);
  expect([smallest.owner, smallest.runbook, ...smallest.evidence]).toEqual(['', '']);
});

it('cuts between characters', () => {
  expect(clip('ab😀cd', 4)).toBe('ab…');
  expect(clipBytes('äöü😀', 20)).toBe('äöü😀');
  expect(Buffer.byteLength(clipBytes('äöü😀'.repeat(9), 20))).toBeLessThanOrEqual(20);
  expect(clipBytes('äöü😀'.repeat(9), 20)).not.toContain('\ufffd');
});
