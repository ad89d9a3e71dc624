import { Fragment } from 'react';

/** A sentence with names in it that are set in mono, and whose direction of writing turns nothing around them. */
export function Sentence({ text }: { readonly text: string }) {
  return text.split(/(\u2068[^\u2069]*\u2069)/).map((part, index) =>
    part.startsWith('\u2068') ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence never move
      <bdi key={index} className="mono">
        {part.slice(1, -1)}
      </bdi>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: as above
      <Fragment key={index}>{part}</Fragment>
    ),
  );
}
