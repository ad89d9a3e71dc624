import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../locales/FormatContext.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';
import type { About } from '../../ui/diagnosis-words.ts';
import { colonHex, hexGroups } from '../../ui/hex.ts';
import { Panel } from '../../ui/Panel.tsx';
import { type Tone, TonePill } from '../../ui/StatePill.tsx';
import css from './Beside.module.css';
import { evidenceOf, type Run } from './run-store.ts';
import { compareSides, type Marked, type SideMark, sharedSigner } from './sides.ts';

const tones: Readonly<Record<SideMark, Tone>> = {
  same: 'ok',
  trusted: 'ok',
  sameRoot: 'ok',
  differs: 'due',
  otherRoot: 'due',
  expired: 'bad',
  notYet: 'bad',
  lacksName: 'bad',
  untrusted: 'bad',
  recreated: 'bad',
};
const icons = { ok: IconCheck, due: IconAlertTriangle, bad: IconX } as const;

const untrustedCodes: ReadonlySet<string> = new Set(['broker-untrusted', 'broker-self-signed']);

/** Both chains side by side, with what differs. */
export function Sides({ run, about }: { readonly run: Run; readonly about: About }) {
  const { t } = useTranslation();
  const tls = evidenceOf(run, 'tls');
  const files = evidenceOf(run, 'files');
  if (!files && !tls) return null;
  const report = run.steps.tls;
  const findings = report?.findings ?? [];
  const presented = tls?.presented ?? [];
  const trusted =
    presented.length === 0
      ? null
      : !tls?.recreated && !findings.some(({ code, weight }) => weight === 'error' && untrustedCodes.has(code));
  const sides = compareSides({
    presented,
    expected: tls?.expected ?? [],
    chain: files?.chain ?? [],
    authorities: files?.authorities ?? [],
    trusted,
    nameMatches: tls?.nameMatches ?? null,
    now: run.startedAt,
  });
  const { broker, own, both } = sharedSigner(sides);
  const side = (part: 'broker' | 'should' | 'you', chain: readonly Marked[], empty: string) => (
    <Side title={t(`doctor.sides.${part}`)} chain={chain} empty={empty} about={about} />
  );
  return (
    <Panel title={t('doctor.sides.title')}>
      <div className={css.sides}>
        {side('broker', broker, t('doctor.sides.nothing'))}
        {sides.should.length > 0 && side('should', sides.should, '')}
        {side('you', own, t('doctor.sides.nothingShown'))}
        {both && (
          <div className={css.both}>
            <Side title={t('doctor.sides.both')} chain={[both]} empty="" about={about} />
          </div>
        )}
      </div>
    </Panel>
  );
}

interface SideProps {
  readonly title: string;
  readonly chain: readonly Marked[];
  readonly empty: string;
  readonly about: About;
}

function Side({ title, chain, empty, about }: SideProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      {chain.length === 0 && <p className={css.quiet}>{empty}</p>}
      {chain.map(({ certificate, marks }) => (
        <div key={certificate.fingerprint} className={css.certificate}>
          <div className={css.subject}>
            <b>{certificate.subject}</b>
            <CopyButton
              text={colonHex(certificate.fingerprint)}
              what={t('doctor.sides.fingerprint', { name: certificate.subject })}
            />
          </div>
          <p>
            {certificate.selfSigned ? t('doctor.sides.selfSigned') : t('doctor.sides.signedBy', { name: certificate.issuer })}
          </p>
          <p>{t('doctor.sides.until', { date: format.date(certificate.notAfter) })}</p>
          <div className={css.fingerprint}>
            {hexGroups(certificate.fingerprint).map((group, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: groups have no identity but their place
              <span key={place}>{group}</span>
            ))}
          </div>
          {marks.map((mark) => (
            <TonePill key={mark} tone={tones[mark]} icon={icons[tones[mark] as keyof typeof icons]}>
              {t(`doctor.sides.${mark}`, { host: about.host })}
            </TonePill>
          ))}
        </div>
      ))}
    </section>
  );
}
