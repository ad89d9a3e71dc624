import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type CheckPoint, type CheckRow, type ConfirmablePoint, confirmablePoints } from '../../../../shared/model/checklist.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { useNow } from '../../ui/now.ts';
import { hrefOf } from '../../ui/route.ts';
import { Time } from '../../ui/Time.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import css from './Checklist.module.css';
import { factText, sourceText } from './fact-text.ts';
import { StateSign } from './StateSign.tsx';

type Target = 'devices' | 'due' | 'broker' | 'authority' | 'backup' | 'audit';

/** Where each point can be made better. */
const targets: Readonly<Record<CheckPoint, Target>> = {
  unique: 'devices',
  identity: 'broker',
  rotation: 'due',
  hostname: 'broker',
  tls: 'broker',
  strangers: 'broker',
  access: 'broker',
  limits: 'broker',
  updates: 'broker',
  network: 'broker',
  logging: 'broker',
  expiry: 'due',
  revocation: 'authority',
  keyOffline: 'authority',
  hsm: 'authority',
  backup: 'backup',
  recovery: 'backup',
  record: 'audit',
};

interface Props {
  readonly row: CheckRow;
  readonly onConfirm: (point: ConfirmablePoint, withdraw: boolean) => void;
  readonly onCheck: () => void;
  readonly checking: boolean;
}

/** One point: how it stands, by what evidence, and what to do. */
export function PointRow({ row: { point, state, evidence, confirmation }, onConfirm, onCheck, checking }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const confirmable = confirmablePoints.find((each) => each === point);
  const target = targets[point];
  return (
    <li className={css.row} aria-label={t(`checklist.title.${point}`)}>
      <StateSign state={state} />
      <div className={css.main}>
        <div className={css.head}>
          <h3>
            {t(`checklist.title.${point}`)}
            <span className="visually-hidden">: {t(`checklist.state.${state}`)}</span>
          </h3>
          <span className={css.source}>{sourceText(point, t)}</span>
        </div>
        <ul className={css.evidence}>
          {evidence.map((each, index) => (
            // the same fact may stand there for several authorities
            // biome-ignore lint/suspicious/noArrayIndexKey: the list is made anew as a whole
            <li key={index}>
              {evidence.length > 1 && <StateSign state={each.state} small />}
              <span>
                {evidence.length > 1 && <span className="visually-hidden">{t(`checklist.state.${each.state}`)}: </span>}
                {factText(each, t, format)}
                {each.at !== null && (
                  <span className={css.when}>
                    {' '}
                    <Time at={each.at}>{`${format.date(each.at)}, ${format.relative(each.at, now)}`}</Time>
                  </span>
                )}
              </span>
            </li>
          ))}
        </ul>
        <p className={css.looked}>{t('checklist.looked', { what: t(`checklist.whatLooked.${point}`) })}</p>
        {state !== 'green' && (
          <p className={css.todo}>
            <b>{t('checklist.todo')}:</b> {t(`checklist.doing.${point}`)}
          </p>
        )}
      </div>
      <div className={css.acts}>
        {point === 'record' && state !== 'red' ? (
          <Button variant="default" loading={checking} onClick={onCheck}>
            {t('checklist.checkRecord')}
          </Button>
        ) : (
          <Button variant="default" component="a" href={hrefOf(target, target === 'audit' ? { check: '1' } : {})}>
            {t(`checklist.open.${target}`)}
          </Button>
        )}
        {confirmable && (
          <WriteButton variant="default" onClick={() => onConfirm(confirmable, false)}>
            {t(confirmation ? 'checklist.confirmAgain' : 'checklist.confirm')}
          </WriteButton>
        )}
        {confirmable && confirmation && (
          <WriteButton variant="subtle" onClick={() => onConfirm(confirmable, true)}>
            {t('checklist.withdraw')}
          </WriteButton>
        )}
      </div>
    </li>
  );
}
