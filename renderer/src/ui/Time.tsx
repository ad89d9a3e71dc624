import { useFormat } from '../locales/FormatContext.tsx';

/** A moment, written as its parent wants it, with the exact time here and in UTC on hover. */
export function Time({ at, children }: { readonly at: number; readonly children: string }) {
  const format = useFormat();
  return (
    <time dateTime={new Date(at).toISOString()} title={format.exact(at)}>
      {children}
    </time>
  );
}
