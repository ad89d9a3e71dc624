import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { largestIdentifier, plainSubscription } from '../../../../../shared/model/subscription.ts';
import { useFormat } from '../../../locales/FormatContext.tsx';
import { Dialog, DialogActions } from '../../../ui/Dialog.tsx';
import { problemText } from '../../../ui/error-text.ts';
import { Field, SelectField, TextField, Tick } from '../../../ui/Field.tsx';
import { subscribe } from '../connect.ts';
import { MarkSign } from '../MarkSign.tsx';
import marks from '../Marks.module.css';
import { colourOf, freeMark, markColours } from '../marks.ts';
import { changePane, type Pane, type Qos, type Subscription } from '../panes.ts';
import { mostFilters, readFilterLines } from './filter-lines.ts';
import css from './Subscribe.module.css';

const qosOptions = (['0', '1', '2'] as const).map((value) => ({ value, label: value }));
const handlings = ['0', '1', '2'] as const;
/** Problems that are shown at a time; the others come when these are gone. */
const mostTold = 4;

interface Props {
  readonly pane: Pane;
  /** What the fields begin with. */
  readonly text: string;
  readonly qos: '0' | '1' | '2';
  /** One that is there and is to be changed. */
  readonly change: Subscription | null;
  readonly onClose: () => void;
}

/** Several filters at once, with every option that MQTT 5 has for them, or another look at one that is there. */
export function SubscribeDialog({ pane, text: first, qos: firstQos, change, onClose }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const before = change?.options ?? plainSubscription;
  const [text, setText] = useState(change?.filter ?? first);
  const [qos, setQos] = useState(change ? (String(change.qos) as '0' | '1' | '2') : firstQos);
  const [noLocal, setNoLocal] = useState(before.noLocal);
  const [retainAsPublished, setRetainAsPublished] = useState(before.retainAsPublished);
  const [handling, setHandling] = useState(String(before.retainHandling) as (typeof handlings)[number]);
  const [identifier, setIdentifier] = useState(before.identifier === null ? '' : String(before.identifier));
  const [colour, setColour] = useState(
    change ? colourOf(change) : colourOf({ filter: '', qos: 0, reasonCode: null, mark: freeMark(pane.subscriptions) }),
  );
  const [tried, setTried] = useState(false);
  const { filters, problems } = readFilterLines(text);
  const older = pane.state?.protocolVersion === 4;
  const connected = pane.state?.phase === 'connected';
  const number = identifier === '' ? null : Number(identifier);
  const badIdentifier = number !== null && !(Number.isInteger(number) && number >= 1 && number <= largestIdentifier);
  const shared = noLocal && filters.some((filter) => filter.startsWith('$share/'));
  const said =
    problems.length > 0
      ? problems
          .slice(0, mostTold)
          .map(({ line, problem }) => t('tester.subscription.line', { line, text: problemText(problem, t, format) }))
          .join(' ')
      : filters.length > mostFilters
        ? t('tester.subscription.tooMany', { most: format.number(mostFilters) })
        : filters.length === 0 && tried
          ? t('tester.subscription.noFilter')
          : undefined;
  const submit = () => {
    setTried(true);
    if (said || filters.length === 0 || badIdentifier || shared || !connected) return;
    const retainHandling = Number(handling) as 0 | 1 | 2;
    const options = older ? undefined : { noLocal, retainAsPublished, retainHandling, identifier: number };
    void (async () => {
      // one after the other: their signs stand in the order of the lines
      for (const filter of filters) {
        await subscribe(pane.key, filter, Number(qos) as Qos, options);
        if (filters.length > 1) continue;
        changePane(pane.key, ({ subscriptions }) => ({
          subscriptions: subscriptions.map((each) => (each.filter === filter ? { ...each, colour } : each)),
        }));
      }
    })();
    onClose();
  };
  const mark = change?.mark ?? freeMark(pane.subscriptions);
  return (
    <Dialog title={t(change ? 'tester.subscription.changeTitle' : 'tester.subscription.title')} onClose={onClose}>
      <form
        className={css.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {change ? (
          <p className={css.filter}>{change.filter}</p>
        ) : (
          <Field label={t('tester.subscription.filters')} hint={t('tester.subscription.filtersHint')} error={said}>
            {(aria) => (
              <textarea
                {...aria}
                className={css.lines}
                rows={4}
                value={text}
                spellCheck={false}
                data-autofocus
                onChange={(event) => setText(event.currentTarget.value)}
              />
            )}
          </Field>
        )}
        <div className={css.pair}>
          <SelectField label={t('tester.subscribe.qos')} value={qos} options={qosOptions} onChange={setQos} />
          {!older && (
            <SelectField
              label={t('tester.subscription.handling')}
              value={handling}
              options={handlings.map((each) => ({ value: each, label: t(`tester.subscription.handlings.${each}`) }))}
              onChange={setHandling}
            />
          )}
        </div>
        {older ? (
          <p className={css.note}>{t('tester.subscription.older')}</p>
        ) : (
          <>
            <Tick
              label={t('tester.subscription.noLocal')}
              hint={shared ? t('tester.subscription.noLocalShared') : t('tester.subscription.noLocalHint')}
              checked={noLocal}
              onChange={setNoLocal}
            />
            <Tick
              label={t('tester.subscription.retainAsPublished')}
              hint={t('tester.subscription.retainAsPublishedHint')}
              checked={retainAsPublished}
              onChange={setRetainAsPublished}
            />
            <TextField
              label={t('tester.subscription.identifier')}
              note={t('tester.subscription.optional')}
              hint={t('tester.subscription.identifierHint')}
              error={badIdentifier && t('tester.subscription.identifierWrong', { most: format.number(largestIdentifier) })}
              value={identifier}
              onChange={setIdentifier}
              maxLength={9}
              numeric
            />
          </>
        )}
        {filters.length <= 1 && (
          <fieldset className={marks.choices}>
            <legend>{t('tester.subscription.colour')}</legend>
            {Array.from({ length: markColours }, (_, each) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a colour is its number
              <label key={each} title={t('tester.subscription.colourNamed', { number: each + 1 })}>
                <input
                  type="radio"
                  name="colour"
                  aria-label={t('tester.subscription.colourNamed', { number: each + 1 })}
                  checked={colour === each}
                  onChange={() => setColour(each)}
                />
                <MarkSign colour={each} sign={String(mark)} />
              </label>
            ))}
          </fieldset>
        )}
        <DialogActions>
          <Button variant="default" size="lg" onClick={onClose}>
            {t('tester.takeover.cancel')}
          </Button>
          <Button type="submit" size="lg" disabled={!connected}>
            {change
              ? t('tester.subscription.accept')
              : t('tester.subscription.submit', { count: filters.length, filters: format.number(filters.length) })}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
