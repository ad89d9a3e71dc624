// biome-ignore-all lint/a11y/useSemanticElements: a fieldset would promise a form
import css from './Code.module.css';
import { CopyButton } from './CopyButton.tsx';

/** Text for another program: a command, a plan, a PEM block. Scrolls by keyboard and is copied in one click. */
export function Code({ text, what, block = false }: { readonly text: string; readonly what: string; readonly block?: boolean }) {
  return (
    <div className={css.code} data-block={block || undefined}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <pre tabIndex={0} role="group" aria-label={what}>
        {text}
      </pre>
      <CopyButton text={text} what={what} />
    </div>
  );
}
