import {
  IconAlertTriangle,
  IconBan,
  IconCheck,
  IconCircleCheck,
  IconCircleX,
  IconHelpCircle,
  IconMinus,
  IconX,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProofCheck, ProofOutcome, ProofReport } from '../../../../shared/model/proof.ts';
import { differs } from '../../../../shared/rules/proof-judgement.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Tick } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { type Tone, TonePill } from '../../ui/StatePill.tsx';
import css from './Proof.module.css';
import { proofSummary, usersOnBroker } from './proof-document.ts';

const tones: Readonly<Record<ProofOutcome, Tone>> = { proved: 'ok', incomplete: 'due', refuted: 'bad' };
const signs = { proved: IconCircleCheck, incomplete: IconHelpCircle, refuted: IconCircleX };

/** What a proof came to: the verdict and why first, then refusals, connections and the matrix. */
export function ProofResult({ report }: { readonly report: ProofReport }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { outcome, checks, refusals, explanations, connections, brokerVersion } = report;
  const different = checks.filter(differs).length;
  const letIn = refusals.filter(({ seen, test }) => seen === 'accepted' && test !== 'revoked-password');
  const users = usersOnBroker(report, t);
  const expiredMissing = refusals.some(({ test, seen, cause }) => test === 'expired' && seen === 'untried' && cause === null);
  return (
    <div className={css.result}>
      <Note tone={tones[outcome]} icon={signs[outcome]} title={t(`access.prove.outcome.${outcome}`)}>
        <p>{proofSummary(report, t)}</p>
      </Note>
      {explanations.map(({ kind, at }) => (
        <Note
          key={kind}
          tone="due"
          icon={IconAlertTriangle}
          title={t(`access.prove.explanation.${kind}.title`, { at: at === null ? '' : format.dateTime(at) })}
        >
          <p>{t(`access.prove.explanation.${kind}.text`)}</p>
        </Note>
      ))}
      <div className={css.two}>
        <section aria-labelledby="proof-refusals">
          <h3 id="proof-refusals">{t('access.prove.refusals')}</h3>
          <ul className={css.lines}>
            {refusals.map(({ test, seen, alert }) => (
              <li key={test}>
                <span>{t(`access.prove.refusal.${test}`)}</span>
                <TonePill
                  tone={seen === 'refused' ? 'ok' : seen === 'accepted' ? 'bad' : 'wait'}
                  icon={seen === 'refused' ? IconCheck : seen === 'accepted' ? IconX : IconMinus}
                >
                  <span title={alert === null ? undefined : `TLS alert ${alert}`}>
                    {t(`access.prove.${seen === 'untried' ? 'notTried' : seen}`)}
                  </span>
                </TonePill>
              </li>
            ))}
          </ul>
          {letIn.length > 0 && (
            <p className={css.fix}>
              {t(`access.prove.acceptedText.${letIn.some(({ test }) => test.startsWith('plain')) ? 'plain' : 'tls'}`)}
            </p>
          )}
          {users !== null && <p className={css.fix}>{users}</p>}
          {expiredMissing && connections[0]?.protocolVersion !== null && (
            <p className={css.quiet}>{t('access.prove.expiredMissing')}</p>
          )}
        </section>
        <section aria-labelledby="proof-connections">
          <h3 id="proof-connections">{t('access.prove.connections')}</h3>
          <ul className={css.lines}>
            {connections.map(({ who, protocolVersion, tls, failure, lost }) => (
              <li key={who}>
                <span className="mono">{who}</span>
                {protocolVersion === null ? (
                  <TonePill tone="bad" icon={IconX}>
                    {t('access.prove.notConnected')}
                  </TonePill>
                ) : (
                  <span
                    className={css.quiet}
                  >{`MQTT ${protocolVersion === 5 ? '5' : '3.1.1'}${tls ? `, ${tls.protocol}` : ''}`}</span>
                )}
                {failure && protocolVersion === null && (
                  <p className={css.more}>
                    {t(`connection.${failure.cause}.title`, {
                      host: report.host,
                      port: report.port,
                      ...failure.params,
                      who,
                      whom: who,
                      of: who,
                    })}
                  </p>
                )}
                {protocolVersion === 4 && <p className={css.more}>{t('access.prove.older')}</p>}
                {lost > 0 && <p className={css.more}>{t('access.prove.lost', { count: lost })}</p>}
              </li>
            ))}
          </ul>
          {brokerVersion != null && <p className={css.quiet}>{t('access.prove.brokerSays', { version: brokerVersion })}</p>}
        </section>
      </div>
      {checks.length > 0 && <Matrix checks={checks} different={different} />}
    </div>
  );
}

interface Row {
  readonly who: string;
  readonly topic: string;
  readonly write: ProofCheck | undefined;
  readonly read: ProofCheck | undefined;
}

function rowsOf(checks: readonly ProofCheck[]): Row[] {
  const rows = new Map<string, Row>();
  for (const check of checks) {
    const { who, topic, verb } = check;
    const key = `${who}\n${topic}`;
    rows.set(key, { write: undefined, read: undefined, ...rows.get(key), who, topic, [verb]: check });
  }
  return [...rows.values()];
}

function Matrix({ checks, different }: { readonly checks: readonly ProofCheck[]; readonly different: number }) {
  const { t } = useTranslation();
  const [onlyWrong, setOnlyWrong] = useState(different > 0);
  const wrong = (check: ProofCheck | undefined) => check !== undefined && differs(check);
  const rows = rowsOf(checks).filter(({ write, read }) => !onlyWrong || wrong(write) || wrong(read));
  return (
    <div>
      <div className={css.matrixHead}>
        <h3 id="proof-matrix">{t('access.prove.matrix')}</h3>
        {different > 0 && <Tick label={t('access.prove.only')} checked={onlyWrong} onChange={setOnlyWrong} />}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard */}
      <section className={css.scroll} tabIndex={0} aria-labelledby="proof-matrix">
        <table className={css.matrix}>
          <thead>
            <tr>
              {(['who', 'topic', 'write', 'read'] as const).map((column) => (
                <th key={column} scope="col">
                  {t(`access.prove.columns.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ who, topic, write, read }, index) => (
              <tr key={`${who} ${topic}`}>
                <th scope="row" className="mono">
                  {rows[index - 1]?.who === who ? <span className="visually-hidden">{who}</span> : who}
                </th>
                <td className="mono">{topic}</td>
                <Cell check={write} />
                <Cell check={read} />
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

function Cell({ check }: { readonly check: ProofCheck | undefined }) {
  const { t } = useTranslation();
  if (!check) return <td />;
  const { seen, expected, rule, reasonCode } = check;
  const details = [
    rule === null ? t('access.prove.noRule') : t('access.prove.rule', { rule }),
    ...(reasonCode === null ? [] : [t('access.prove.code', { code: reasonCode })]),
  ].join('\n');
  const isWrong = differs(check);
  const words = isWrong ? (expected ? 'wrongDenied' : 'wrongAllowed') : seen;
  const Sign = isWrong ? IconX : seen === 'allowed' ? IconCheck : seen === 'denied' ? IconBan : IconMinus;
  return (
    <td data-seen={isWrong ? 'wrong' : seen} title={details}>
      <span>
        <Sign size={16} stroke={2.2} aria-hidden />
        {t(`access.prove.cell.${words}`)}
      </span>
    </td>
  );
}
