import { Button } from '@mantine/core';
import { IconAlertTriangle, IconShieldCheck, IconShieldQuestion } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { VerifiedRecord } from '../../../../shared/model/audit.ts';
import type { Action } from '../../bridge/action.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Fold } from '../../ui/Fold.tsx';
import { Hex } from '../../ui/Hex.tsx';
import css from './Audit.module.css';
import { momentOf } from './sentence.ts';
import { wordOf } from './word.ts';

interface Props {
  readonly result: VerifiedRecord | null;
  readonly verify: Action<[head?: string]>;
}

/** Whether the record is what was written: asked, proven, or where it ceases to be. */
export function Check({ result, verify }: Props) {
  const { t } = useTranslation();
  const tone = result === null ? 'idle' : result.sound ? 'sound' : 'broken';
  const Sign = { idle: IconShieldQuestion, sound: IconShieldCheck, broken: IconAlertTriangle }[tone];
  return (
    <section className={css.check} data-tone={tone} aria-label={t('audit.check.title')}>
      <Sign size={26} stroke={1.7} aria-hidden />
      <div className={css.said}>
        <div role="status">
          {result === null ? (
            <p>{t('audit.check.idle')}</p>
          ) : result.sound ? (
            <p>
              <b>{t('audit.check.sound', { count: result.entries })}</b>
            </p>
          ) : (
            <Broken result={result} />
          )}
        </div>
        {verify.error && <ErrorPanel error={verify.error} />}
        {result !== null && <Checksum result={result} verify={verify} />}
      </div>
      <Button
        variant={result === null ? 'filled' : 'default'}
        aria-disabled={verify.pending}
        onClick={() => !verify.pending && void verify.run()}
      >
        {verify.pending ? t('audit.check.checking') : result === null ? t('audit.check.button') : t('audit.check.again')}
      </Button>
    </section>
  );
}

/** Where the chain breaks, in a sentence. */
export function chainSentence(chain: NonNullable<VerifiedRecord['chain']>, t: TFunction, when: string): string {
  return t(`audit.check.chain.${chain.kind}`, { seq: chain.seq, until: chain.until, when });
}

/** A row that contradicts, in a sentence. */
export function rowSentence({ kind, table, row }: VerifiedRecord['rows'][number], t: TFunction): string {
  return t(`audit.check.row.${kind}`, { what: wordOf(t, 'audit.check.tables', table), row });
}

function Broken({ result }: { readonly result: VerifiedRecord }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { chain, rows, findings } = result;
  return (
    <>
      <h2>{t('audit.check.broken')}</h2>
      <p>{chain ? chainSentence(chain, t, momentOf(chain.at, t, format)) : t('audit.check.chainSound')}</p>
      {rows.length > 0 && (
        <>
          {chain && <p>{t('audit.check.rows')}</p>}
          <ul className={css.rows}>
            {rows.map((row) => (
              <li key={`${row.kind} ${row.table} ${row.row}`}>{rowSentence(row, t)}</li>
            ))}
          </ul>
        </>
      )}
      <h3>{t('audit.check.todo')}</h3>
      <ol>
        {(['stop', 'keep', 'restore'] as const).map((step) => (
          <li key={step}>{t(`audit.check.steps.${step}`)}</li>
        ))}
      </ol>
      <Fold summary={t('audit.check.technical')}>
        <ul className={css.rows}>
          {findings.map((finding) => (
            <li key={finding} lang="en">
              {finding}
            </li>
          ))}
        </ul>
      </Fold>
    </>
  );
}

function Checksum({ result, verify }: { readonly result: VerifiedRecord; readonly verify: Props['verify'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [typed, setTyped] = useState('');
  const [asked, setAsked] = useState<string | null>(null);
  const head = typed.replaceAll(/[:\s]/g, '').toLowerCase();
  const right = /^[0-9a-f]{64}$/.test(head);
  const wrong = asked !== null && asked === head && !right;
  const compare = async () => {
    setAsked(head);
    if (right) await verify.run(head);
  };
  const answered = right && asked === head && !verify.pending;
  return (
    <Fold summary={t('audit.check.compare')}>
      {result.head !== '' && (
        <div className={css.checksum}>
          <p>
            {t('audit.check.head')}. {t('audit.check.headHint')}
          </p>
          <Hex value={result.head} what={t('audit.check.headName')} />
        </div>
      )}
      <form
        className={css.compare}
        onSubmit={(event) => {
          event.preventDefault();
          void compare();
        }}
      >
        <TextField
          label={t('audit.check.compareLabel')}
          hint={t('audit.check.compareHint')}
          value={typed}
          onChange={setTyped}
          mono
          error={wrong && t('audit.check.compareWrong')}
        />
        <Button type="submit" variant="default">
          {t('audit.check.compareButton')}
        </Button>
      </form>
      <div role="status">
        {answered && (
          <p className={css.answer} data-known={result.stoodAt !== null}>
            {result.stoodAt === null ? t('audit.check.unknown') : t('audit.check.known', { seq: format.number(result.stoodAt) })}
          </p>
        )}
      </div>
    </Fold>
  );
}
