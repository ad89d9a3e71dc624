import { Button } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { type DragEvent, useRef, useState } from 'react';
import css from './DropFiles.module.css';

export interface ReadFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

interface Props {
  readonly title: string;
  readonly text: string;
  readonly button: string;
  readonly pending: boolean;
  /** Bytes that one file may have; of a larger one only its name comes, without bytes. */
  readonly limit: number;
  readonly onFiles: (files: readonly ReadFile[]) => void;
}

/** A place to drop files on, and a button for those who do not drag. The page has no paths: it reads the bytes itself. */
export function DropFiles({ title, text, button, pending, limit, onFiles }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const take = async (list: FileList | null) => {
    const files = await Promise.all([...(list ?? [])].map((file) => read(file, limit)));
    if (files.length > 0) onFiles(files);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only the pointer drops; the button does the same for everybody
    <div
      className={css.drop}
      data-over={over || undefined}
      onDragOver={(event) => [event.preventDefault(), setOver(true)]}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <IconFileUpload size={34} stroke={1.4} aria-hidden />
      <div>
        <b>{title}</b>
        <p>{text}</p>
      </div>
      <Button variant="default" loading={pending} onClick={() => input.current?.click()}>
        {button}
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        tabIndex={-1}
        aria-label={button}
        onChange={(event) => {
          void take(event.currentTarget.files);
          event.currentTarget.value = '';
        }}
      />
    </div>
  );
}

/** A folder that was dropped cannot be read like this: it comes as a file without bytes, and main says what it is not. */
async function read(file: File, limit: number): Promise<ReadFile> {
  try {
    const bytes = file.size > limit ? new Uint8Array() : new Uint8Array(await file.arrayBuffer());
    return { name: file.name.slice(0, 255), bytes };
  } catch {
    return { name: file.name.slice(0, 255), bytes: new Uint8Array() };
  }
}
