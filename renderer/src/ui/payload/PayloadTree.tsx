// biome-ignore-all lint/a11y/useSemanticElements: a fieldset would promise a form
// biome-ignore-all lint/suspicious/noArrayIndexKey: members have no identity but their place
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../CopyButton.tsx';
import css from './Payload.module.css';
import { brackets, type List, type Record, textOfValue, type Value } from './value.ts';

/** Longer strings are cut on the page; copying takes all of them. */
const textShown = 2_000;
/** Members of one list or record that are put on the page at a time. */
const membersShown = 200;

/** A value as JSON is written, each list and record to be folded. The first levels are open. */
export function PayloadTree({ value, what }: { readonly value: Value; readonly what: string }) {
  return (
    <div className={css.box}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div className={css.tree} tabIndex={0} role="group" aria-label={what}>
        <Member name={null} value={value} last depth={0} />
      </div>
      <CopyButton text={textOfValue(value)} what={what} />
    </div>
  );
}

interface MemberProps {
  readonly name: string | null;
  readonly value: Value;
  readonly last: boolean;
  readonly depth: number;
}

function Member({ name, value, last, depth }: MemberProps) {
  const key = name !== null && (
    <>
      <span className={css.key}>{name}</span>
      {': '}
    </>
  );
  const comma = last ? '' : ',';
  if (value.kind === 'list' || value.kind === 'record') {
    const { opens, closes } = brackets(value);
    const count = value.kind === 'list' ? value.items.length : value.entries.length;
    if (count > 0) return <Members head={key} value={value} count={count} comma={comma} depth={depth} />;
    return (
      <div className={css.leaf}>
        {key}
        {opens}
        {closes}
        {comma}
      </div>
    );
  }
  const cut = value.text.length > textShown;
  return (
    <div className={css.leaf}>
      {key}
      <span data-kind={value.kind}>{cut ? `${value.text.slice(0, textShown)}…` : value.text}</span>
      {comma}
    </div>
  );
}

interface MembersProps {
  readonly head: React.ReactNode;
  readonly value: List | Record;
  readonly count: number;
  readonly comma: string;
  readonly depth: number;
}

function Members({ head, value, count, comma, depth }: MembersProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(depth < 4);
  const [shown, setShown] = useState(membersShown);
  const { opens, closes } = brackets(value);
  const members =
    value.kind === 'list' ? value.items.slice(0, shown).map((item) => [null, item] as const) : value.entries.slice(0, shown);
  return (
    <>
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          {head}
          {opens}
          {!open && (
            <>
              <span className={css.count}>{t('tester.message.members', { count })}</span>
              {closes}
              {comma}
            </>
          )}
        </summary>
        {open && (
          <div className={css.members}>
            {members.map(([name, item], index) => (
              <Member key={index} name={name} value={item} last={index === count - 1} depth={depth + 1} />
            ))}
            {count > shown && (
              <button type="button" className={css.more} onClick={() => setShown(shown + membersShown * 5)}>
                {t('tester.message.moreMembers', { count: count - shown })}
              </button>
            )}
          </div>
        )}
      </details>
      {open && (
        <div className={css.leaf}>
          {closes}
          {comma}
        </div>
      )}
    </>
  );
}
