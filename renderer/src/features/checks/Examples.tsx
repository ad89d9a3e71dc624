import { IconArrowRight, IconListCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { AccessRule } from '../../../../shared/model/access.ts';
import type { Check } from '../../../../shared/model/check.ts';
import { WriteButton } from '../../ui/WriteButton.tsx';
import css from './Checks.module.css';
import { exampleKinds, examplesOf } from './examples.ts';
import { Sentence } from './Sentence.tsx';
import { useCheckSentence } from './words.ts';

interface Props {
  readonly access: readonly AccessRule[];
  readonly pending: boolean;
  readonly onTake: (checks: readonly Check[]) => void;
}

/** A project without checks: what one is, and some that fit its access rules, ready to be used. */
export function Examples({ access, pending, onTake }: Props) {
  const { t } = useTranslation();
  const sentence = useCheckSentence();
  const names = Object.fromEntries(exampleKinds.map((kind) => [kind, t(`checks.example.${kind}`)]));
  const examples = examplesOf(access, names as Record<(typeof exampleKinds)[number], string>);
  return (
    <section className={css.empty} aria-labelledby="checks-empty">
      <header>
        <span className={css.picture}>
          <IconListCheck size={32} stroke={1.5} aria-hidden />
        </span>
        <div>
          <h2 id="checks-empty">{t('checks.empty.title')}</h2>
          <p>{t('checks.empty.text')}</p>
        </div>
      </header>
      {examples.length > 0 && (
        <>
          <div className={css.begin}>
            <h3>{t('checks.empty.examples')}</h3>
            {examples.length > 1 && (
              <WriteButton loading={pending} onClick={() => onTake(examples.map(({ check }) => check))}>
                {t('checks.empty.takeAll', { count: examples.length })}
              </WriteButton>
            )}
          </div>
          <ul className={css.examples}>
            {examples.map(({ kind, check }) => {
              const { published, expected } = sentence(check);
              return (
                <li key={kind}>
                  <div className={css.said}>
                    <h4>{check.name}</h4>
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
                  <WriteButton
                    variant="default"
                    disabled={pending}
                    aria-label={t('checks.empty.take', { name: check.name })}
                    onClick={() => onTake([check])}
                  >
                    {t('checks.empty.use')}
                  </WriteButton>
                </li>
              );
            })}
          </ul>
        </>
      )}
    </section>
  );
}
