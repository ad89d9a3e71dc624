import { expect, it } from 'vitest';
import { refusalReasons } from '../../shared/model/refusal.ts';
import { type RuleId, rules } from '../../shared/rules/lint-catalogue.ts';
import { findingLine } from './lint-words.ts';
import { profileRefusalText } from './profile-words.ts';

it('says a sentence of its own for every rule of the linter and every refusal, never an identifier', () => {
  const lines = (Object.keys(rules) as RuleId[]).map((rule) => {
    const [severity, source] = rules[rule];
    const line = findingLine({ rule, severity, source, params: { notAfter: 0, notBefore: 0, nextUpdate: 0 } });
    expect(line).not.toContain(rule.includes('-') ? rule : ` ${rule} `);
    return line.slice(0, line.indexOf(' ['));
  });
  const alike = lines.filter((line, at) => lines.indexOf(line) !== at);
  // a list begins and ends as a certificate does
  expect(alike).toEqual(['error: ends before it begins']);
  const refusals = refusalReasons.map(profileRefusalText);
  expect(new Set(refusals).size).toBe(refusalReasons.length);
  for (const reason of refusalReasons) expect(profileRefusalText(reason)).toMatch(/ .+ /);
});
