// biome-ignore-all lint/a11y/useSemanticElements: a fieldset would promise a form
// biome-ignore-all lint/suspicious/noArrayIndexKey: members have no identity but their place
import { IconChartLine } from '@tabler/icons-react';
import { createContext, useContext, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../CopyButton.tsx';
import { type NumberPath, nameOfPath, numberOf } from './number-path.ts';
import css from './Payload.module.css';
import { brackets, type Leaf, type List, type Record, textOfValue, type Value } from './value.ts';

/** Longer strings are cut on the page; copying takes all of them. */
const textShown = 2_000;
/** Members of one list or record that are put on the page at a time. */
const membersShown = 200;

/** What a click on a number does, with its words: "Draw power". */
export interface PickNumber {
  readonly title: (name: string) => string;
  readonly pick: (path: NumberPath) => void;
}
const Numbers = createContext<PickNumber | null>(null);

interface Props {
  readonly value: Value;
  readonly what: string;
  readonly numbers?: PickNumber | null;
}

/** A value as JSON is written, each list and record to be folded. The first levels are open. */
export function PayloadTree({ value, what, numbers = null }: Props) {
  return (
    <div className={css.box}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div className={css.tree} tabIndex={0} role="group" aria-label={what}>
        <Numbers value={numbers}>
          <Member name={null} value={value} last path={atTop} />
        </Numbers>
      </div>
      <CopyButton text={textOfValue(value)} what={what} />
    </div>
  );
}

const atTop: NumberPath = [];

interface MemberProps {
  readonly name: string | null;
  readonly value: Value;
  readonly last: boolean;
  readonly path: NumberPath;
}

function Member({ name, value, last, path }: MemberProps) {
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
    if (count > 0) return <Members head={key} value={value} count={count} comma={comma} path={path} />;
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
      <LeafText leaf={value} path={path} cut={cut} />
      {comma}
    </div>
  );
}

/** A number is a button where there is something to do with it. */
function LeafText({ leaf, path, cut }: { readonly leaf: Leaf; readonly path: NumberPath; readonly cut: boolean }) {
  const numbers = useContext(Numbers);
  if (numbers === null || numberOf(leaf) === null)
    return <span data-kind={leaf.kind}>{cut ? `${leaf.text.slice(0, textShown)}…` : leaf.text}</span>;
  const title = numbers.title(nameOfPath(path));
  return (
    <button
      type="button"
      className={css.number}
      data-kind={leaf.kind}
      title={title}
      aria-label={`${leaf.text}, ${title}`}
      onClick={() => numbers.pick(path)}
    >
      {leaf.text}
      <IconChartLine size={16} stroke={2} aria-hidden />
    </button>
  );
}

interface MembersProps {
  readonly head: React.ReactNode;
  readonly value: List | Record;
  readonly count: number;
  readonly comma: string;
  readonly path: NumberPath;
}

function Members({ head, value, count, comma, path }: MembersProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(path.length < 4);
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
              <Member key={index} name={name} value={item} last={index === count - 1} path={[...path, name ?? index]} />
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
