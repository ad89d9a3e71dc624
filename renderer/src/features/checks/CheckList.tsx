import {
  IconArrowDown,
  IconArrowRight,
  IconArrowUp,
  IconCheck,
  IconCopy,
  IconHelpCircle,
  IconMinus,
  IconPencil,
  IconTrash,
  IconX,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { SavedCheck } from '../../../../shared/model/check.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { TonePill } from '../../ui/StatePill.tsx';
import { useReadOnlyReason } from '../../ui/WriteButton.tsx';
import css from './Checks.module.css';
import type { Standing } from './results.ts';
import { Sentence } from './Sentence.tsx';
import { useCheckSentence } from './words.ts';

export type Deed = 'edit' | 'duplicate' | 'remove';

interface Props {
  readonly checks: readonly SavedCheck[];
  readonly standingOf: (check: SavedCheck['check']) => Standing;
  readonly onDeed: (deed: Deed, check: SavedCheck) => void;
  /** The ids in the order that they are to have from now on. */
  readonly onOrder: (checkIds: readonly number[]) => void;
}

/** The checks of a project in their order: what each of them says, and how it stood in the last run. */
export function CheckList({ checks, standingOf, onDeed, onOrder }: Props) {
  const { t } = useTranslation();
  const sentence = useCheckSentence();
  const readOnly = useReadOnlyReason();
  const move = (from: number, to: number) => {
    const ids = checks.map(({ checkId }) => checkId);
    const [moved] = ids.splice(from, 1);
    if (moved !== undefined) onOrder(ids.toSpliced(to, 0, moved));
  };
  return (
    <ol className={css.list} aria-label={t('checks.list')}>
      {checks.map((saved, at) => {
        const { name, enabled } = saved.check;
        const { published, expected } = sentence(saved.check);
        const deeds = [
          { label: t('checks.up', { name }), sign: IconArrowUp, act: () => move(at, at - 1), off: at === 0 },
          { label: t('checks.down', { name }), sign: IconArrowDown, act: () => move(at, at + 1), off: at === checks.length - 1 },
          { label: t('checks.edit', { name }), sign: IconPencil, act: () => onDeed('edit', saved) },
          { label: t('checks.duplicate', { name }), sign: IconCopy, act: () => onDeed('duplicate', saved) },
          { label: t('checks.remove', { name }), sign: IconTrash, act: () => onDeed('remove', saved) },
        ];
        return (
          <li key={saved.checkId} data-off={!enabled || undefined}>
            <div className={css.said}>
              <h3>
                {name}
                {!enabled && <span className={css.quiet}> · {t('checks.paused')}</span>}
              </h3>
              <p>
                <Sentence text={published} />
              </p>
              <p>
                <IconArrowRight size={16} stroke={2} aria-hidden />
                <span className="visually-hidden">{t('checks.sentence.next')} </span>
                <span>
                  <Sentence text={expected} />
                </span>
              </p>
            </div>
            <StandingPill standing={standingOf(saved.check)} />
            <div className={css.deeds}>
              {deeds.map(({ label, sign: Sign, act, off }) => (
                <button
                  key={label}
                  type="button"
                  aria-label={label}
                  title={readOnly === null ? label : `${label}\n${readOnly}`}
                  aria-disabled={off || readOnly !== null || undefined}
                  onClick={() => !off && readOnly === null && act()}
                >
                  <Sign size={20} stroke={1.7} aria-hidden />
                </button>
              ))}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

function StandingPill({ standing }: { readonly standing: Standing }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (standing.kind !== 'ran')
    return (
      <TonePill tone="held" icon={standing.kind === 'changed' ? IconHelpCircle : IconMinus}>
        {t(`checks.${standing.kind}`)}
      </TonePill>
    );
  const { passed, failed, untried } = standing;
  const total = passed + failed + untried;
  const [outcome, count] =
    failed > 0 ? (['failed', failed] as const) : untried > 0 ? (['untried', untried] as const) : (['passed', passed] as const);
  const word = t(`checks.outcome.${outcome}`);
  return (
    <TonePill
      tone={outcome === 'passed' ? 'ok' : outcome === 'failed' ? 'bad' : 'due'}
      icon={outcome === 'passed' ? IconCheck : outcome === 'failed' ? IconX : IconHelpCircle}
    >
      {total === 1 ? word : t('checks.standing', { word, count: format.number(count), total: format.number(total) })}
    </TonePill>
  );
}
