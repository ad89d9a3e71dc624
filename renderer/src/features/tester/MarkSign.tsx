import css from './Marks.module.css';

interface Props {
  readonly colour: number;
  /** A number for a subscription, a letter for a line. */
  readonly sign: string;
  readonly title?: string;
}

export function MarkSign({ colour, sign, title }: Props) {
  return (
    <span className={css.mark} data-colour={colour} title={title}>
      {sign}
    </span>
  );
}
