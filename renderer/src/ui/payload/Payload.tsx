import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Code } from '../Code.tsx';
import { base64Of, hexOf, payloadShown, textOf } from './bytes.ts';
import css from './Payload.module.css';
import { PayloadTree, type PickNumber } from './PayloadTree.tsx';
import type { AliasNames } from './sparkplug-births.ts';
import { isStructured, type PayloadView, read } from './views.ts';

interface Props {
  readonly payload: Uint8Array;
  readonly view: PayloadView;
  /** Of the aliases of Sparkplug. */
  readonly names?: AliasNames | undefined;
  /** Makes numbers into buttons. */
  readonly numbers?: PickNumber | null;
}

/** All bytes of a payload, read as `view` says. What they are not is told. */
export function Payload({ payload, view, names, numbers = null }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const reading = useMemo(() => (isStructured(view) ? read(view, payload, names) : null), [view, payload, names]);
  const what = t('tester.message.payload');
  if (payload.byteLength === 0) return <p className={css.note}>{t('tester.message.empty')}</p>;
  if (isStructured(view)) {
    if (reading === null) {
      return <p className={css.note}>{t('tester.message.notThis', { view: t(`tester.message.views.${view}`) })}</p>;
    }
    return (
      <>
        <PayloadTree value={reading.value} what={what} numbers={numbers} />
        {reading.cut && <p className={css.note}>{t(`tester.message.cutBy.${reading.cut}`)}</p>}
      </>
    );
  }
  const part = payload.subarray(0, payloadShown);
  const text = view === 'hex' ? hexOf(part) : view === 'base64' ? base64Of(part) : textOf(part);
  return (
    <>
      <Code text={text} what={what} block={view !== 'text'} />
      {payload.byteLength > payloadShown && (
        <p className={css.note}>
          {t('tester.message.cut', { shown: format.bytes(payloadShown), size: format.bytes(payload.byteLength) })}
        </p>
      )}
    </>
  );
}
