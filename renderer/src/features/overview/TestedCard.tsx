import { type Icon, IconAlertTriangle, IconCheck, IconHourglass, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { useNow } from '../../ui/now.ts';
import { Panel } from '../../ui/Panel.tsx';
import { hrefOf } from '../../ui/route.ts';
import { type Tone, TonePill } from '../../ui/StatePill.tsx';
import { Time } from '../../ui/Time.tsx';
import grid from './Overview.module.css';
import css from './TestedCard.module.css';

type Tested = CallOutput<'project.overview'>['tested'];

const ofProof = {
  proved: ['ok', IconCheck],
  incomplete: ['due', IconAlertTriangle],
  refuted: ['bad', IconX],
} as const satisfies Record<NonNullable<Tested['proof']>['outcome'], readonly [Tone, Icon]>;

/** What was seen of the running broker last, and where more of it stands. */
export function TestedCard({ tested: { proof, checks } }: { readonly tested: Tested }) {
  const { t } = useTranslation();
  return (
    <Panel className={grid.wide} title={t('overview.tested.title')}>
      <ul className={css.list}>
        <Line name={t('overview.tested.proof')} at={proof?.at ?? null} link={t('overview.tested.prove')} href={hrefOf('broker')}>
          {proof && (
            <TonePill tone={ofProof[proof.outcome][0]} icon={ofProof[proof.outcome][1]}>
              {t(`overview.tested.${proof.outcome}`)}
            </TonePill>
          )}
        </Line>
        <Line name={t('overview.tested.checks')} at={checks?.at ?? null} link={t('overview.tested.run')} href={hrefOf('checks')}>
          {checks && (
            <>
              {checks.failed > 0 && (
                <TonePill tone="bad" icon={IconX}>
                  {t('overview.tested.failed', { count: checks.failed })}
                </TonePill>
              )}
              {checks.untried > 0 && (
                <TonePill tone="due" icon={IconAlertTriangle}>
                  {t('overview.tested.untried', { count: checks.untried })}
                </TonePill>
              )}
              {checks.passed > 0 && (
                <TonePill tone="ok" icon={IconCheck}>
                  {t('overview.tested.passed', { count: checks.passed })}
                </TonePill>
              )}
            </>
          )}
        </Line>
      </ul>
    </Panel>
  );
}

interface LineProps {
  readonly name: string;
  /** ms since 1970 UTC; null = it was never tried. */
  readonly at: number | null;
  readonly link: string;
  readonly href: string;
  readonly children: ReactNode;
}

function Line({ name, at, link, href, children }: LineProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  return (
    <li>
      <b>{name}</b>
      <span className={css.seen}>
        {at === null ? (
          <TonePill tone="wait" icon={IconHourglass}>
            {t('overview.tested.never')}
          </TonePill>
        ) : (
          children
        )}
        {at !== null && <Time at={at}>{format.relative(at, now)}</Time>}
      </span>
      <a href={href}>{link}</a>
    </li>
  );
}
