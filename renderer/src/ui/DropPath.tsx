import type { Icon } from '@tabler/icons-react';
import { type DragEvent, type ReactNode, useState } from 'react';
import css from './DropFiles.module.css';

interface Props {
  readonly icon: Icon;
  readonly title: string;
  readonly text: string;
  /** What does the same for those who do not drag. */
  readonly children: ReactNode;
  /** Where the first thing that was dropped lies. */
  readonly onPath: (path: string) => void;
}

/** A place to drop a folder or a file on that main reads by itself: only where it lies leaves the page. */
export function DropPath({ icon: Sign, title, text, children, onPath }: Props) {
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [first] = event.dataTransfer.files;
    const path = first ? window.fieldkey.pathOf(first) : '';
    // a piece of text, or a picture out of a browser, lies nowhere
    if (path !== '') onPath(path);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only the pointer drops; the buttons do the same for everybody
    <div
      className={css.drop}
      data-over={over || undefined}
      onDragOver={(event) => [event.preventDefault(), setOver(true)]}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Sign size={34} stroke={1.4} aria-hidden />
      <div>
        <b>{title}</b>
        <p>{text}</p>
      </div>
      <div className={css.choices}>{children}</div>
    </div>
  );
}
