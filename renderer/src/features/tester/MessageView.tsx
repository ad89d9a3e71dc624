import { IconChartLine } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TestMessage } from '../../../../shared/model/connection.ts';
import { SelectField } from '../../ui/Field.tsx';
import { Difference } from '../../ui/payload/Difference.tsx';
import { leafAt, numberOf } from '../../ui/payload/number-path.ts';
import { Payload } from '../../ui/payload/Payload.tsx';
import type { AliasNames } from '../../ui/payload/sparkplug-births.ts';
import { isStructured, naturalView, payloadViews, read } from '../../ui/payload/views.ts';
import type { Field } from './plot/plot-store.ts';
import css from './Stream.module.css';
import type { ViewChoices } from './view-choices.ts';

interface Props {
  readonly message: TestMessage;
  /** The one before it on the same topic, where it is still there. */
  readonly previous: TestMessage | null;
  readonly choices: ViewChoices;
  /** Of the aliases of Sparkplug. */
  readonly names: AliasNames | undefined;
  readonly onPlot: (field: Field) => void;
}

/** A payload looked at as what it seems to be or as one chooses for its topic, and what changed since the last. Numbers can be drawn. */
export function MessageView({ message, previous, choices, names, onPlot }: Props) {
  const { t } = useTranslation();
  const { payload, topic } = message;
  const natural = useMemo(() => naturalView(topic, payload), [topic, payload]);
  // what was chosen is kept outside; this only renders again
  const [, setChosen] = useState(0);
  const wanted = choices.of(topic);
  const view = wanted.view ?? natural;
  const choose = (change: Parameters<ViewChoices['choose']>[1]) => {
    choices.choose(topic, change);
    setChosen((times) => times + 1);
  };
  const comparing = wanted.comparing && previous !== null;
  const bare = useMemo(() => view === 'text' && isBareNumber(payload), [view, payload]);
  const numbers = useMemo(
    () =>
      isStructured(view)
        ? {
            title: (name: string) => t('tester.plot.draw', { name: name === '' ? topic : name }),
            pick: (path: Field['path']) => onPlot({ topic, view, path }),
          }
        : null,
    [view, topic, onPlot, t],
  );
  return (
    <>
      <div className={css.views}>
        <SelectField
          label={t('tester.message.view')}
          value={wanted.view ?? 'auto'}
          options={[
            { value: 'auto' as const, label: t('tester.message.auto', { view: t(`tester.message.views.${natural}`) }) },
            ...payloadViews.map((each) => ({ value: each, label: t(`tester.message.views.${each}`) })),
          ]}
          onChange={(value) => choose({ view: value === 'auto' ? null : value })}
        />
        <button
          type="button"
          aria-pressed={comparing}
          disabled={previous === null}
          title={previous === null ? t('tester.message.noPrevious') : undefined}
          onClick={() => choose({ comparing: !comparing })}
        >
          {t('tester.message.compare')}
        </button>
        {bare && (
          <button type="button" onClick={() => onPlot({ topic, view: 'json', path: [] })}>
            <IconChartLine size={18} stroke={1.8} aria-hidden />
            {t('tester.plot.drawThis')}
          </button>
        )}
      </div>
      {comparing ? (
        <Difference before={previous.payload} after={payload} view={view} />
      ) : (
        <Payload payload={payload} view={view} names={names} numbers={numbers} />
      )}
    </>
  );
}

/** The whole payload is one number, as simple sensors send it. */
function isBareNumber(payload: Uint8Array): boolean {
  if (payload.byteLength > 64) return false;
  const leaf = leafAt(read('json', payload)?.value ?? { kind: 'list', items: [] }, []);
  return leaf !== null && numberOf(leaf) !== null;
}
