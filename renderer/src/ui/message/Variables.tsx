import { useTranslation } from 'react-i18next';
import { Fold } from '../Fold.tsx';
import css from './Message.module.css';

/** Each as it is written. */
const examples = [
  ['{{device}}', 'device'],
  ['{{project}}', 'project'],
  ['{{now}}', 'nowIso'],
  ['{{now ms}}', 'nowMs'],
  ['{{random 0 100}}', 'random'],
  ['{{random 0.0 5.0}}', 'randomDecimal'],
  ['{{counter}}', 'counter'],
  ['{{counter 100}}', 'counterFrom'],
  ['{{uuid}}', 'uuid'],
] as const;

/** One that only this place has: as it is written, and what it stands for. */
export interface Explained {
  readonly written: string;
  readonly words: string;
}

/** What can stand in a message besides its text. */
export function Variables({ more = [] }: { readonly more?: readonly Explained[] }) {
  const { t } = useTranslation();
  return (
    <Fold summary={t('publishing.variables.title')}>
      <dl className={css.variables}>
        {more.map(({ written, words }) => (
          <div key={written}>
            <dt className="mono">{written}</dt>
            <dd>{words}</dd>
          </div>
        ))}
        {examples.map(([written, words]) => (
          <div key={written}>
            <dt className="mono">{written}</dt>
            <dd>{t(`publishing.variables.${words}`)}</dd>
          </div>
        ))}
      </dl>
    </Fold>
  );
}
