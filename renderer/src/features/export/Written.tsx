import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconPlayerEject } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import type { Medium } from '../../../../shared/model/export.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Code } from '../../ui/Code.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Fold } from '../../ui/Fold.tsx';
import { Note } from '../../ui/Note.tsx';
import { Panel } from '../../ui/Panel.tsx';
import css from './Export.module.css';

interface Props {
  readonly result: CallOutput<'export.run'>;
  readonly medium: Medium;
  readonly onAgain: () => void;
  readonly onDone: () => void;
}

/** Only what was written, synchronised and read back is called done. */
export function Written({ result, medium, onAgain, onDone }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { files, bytes, devices, unchanged, leftOut, waiting, directory, auditHead } = result;
  return (
    <div className={css.page}>
      <Panel>
        <div className={css.result}>
          <IconCircleCheck size={32} stroke={1.7} aria-hidden />
          <div className={css.stack}>
            <div role="status">
              <h2>{unchanged ? t('exporting.unchanged') : t('exporting.written')}</h2>
              <p>
                {t('exporting.summary', {
                  count: files,
                  size: format.bytes(bytes),
                  devices: t('fields.lines.count', { count: devices }),
                })}
              </p>
            </div>
            <Code text={directory} what={t('exporting.directory')} />
            {waiting.length > 0 && (
              <Note tone="bad" icon={IconAlertTriangle} title={t('exporting.waiting', { names: format.list([...waiting]) })}>
                <p>{t('exporting.waitingText')}</p>
              </Note>
            )}
            {leftOut.length > 0 && (
              <Note tone="due" icon={IconAlertTriangle} title={t('exporting.leftOut', { count: leftOut.length })}>
                <p>{t('exporting.leftOutText')}</p>
                <Fold summary={t('exporting.leftOutList')}>
                  <p className={css.ids}>{leftOut.slice(0, 500).join(', ')}</p>
                </Fold>
              </Note>
            )}
            {medium.removable && <Eject medium={medium} />}
            <Fold summary={t('exporting.forRecords')}>
              <p className={css.small}>{t('exporting.auditHead')}</p>
              <Code text={auditHead} what={t('exporting.auditHeadName')} />
            </Fold>
          </div>
        </div>
      </Panel>
      <div className={css.actions}>
        <Button variant="default" size="lg" onClick={onAgain}>
          {t('exporting.again')}
        </Button>
        <Button size="lg" onClick={onDone}>
          {t('exporting.next')}
        </Button>
      </div>
    </div>
  );
}

function Eject({ medium }: { readonly medium: Medium }) {
  const { t } = useTranslation();
  const [answer, setAnswer] = useState<CallOutput<'media.eject'> | null>(null);
  const eject = useAction(async () => setAnswer(await call('media.eject', { path: medium.path })));
  const cause = answer?.cause ?? 'refused';
  if (answer?.ejected) {
    return (
      <div role="status">
        <Note tone="ok" icon={IconCircleCheck} title={t('exporting.ejected', { label: medium.label })}>
          {t('exporting.ejectedText')}
        </Note>
      </div>
    );
  }
  return (
    <div className={css.stack}>
      <p className={css.plain}>{t('exporting.safe')}</p>
      <div>
        <Button
          variant="default"
          leftSection={<IconPlayerEject size={20} stroke={1.7} aria-hidden />}
          onClick={() => !eject.pending && void eject.run()}
        >
          {eject.pending ? t('exporting.ejecting') : t('exporting.eject', { label: medium.label })}
        </Button>
      </div>
      {answer && (
        <div role="alert">
          <Note tone="due" icon={IconAlertTriangle} title={t(`exporting.notEjected.${cause}.title`)}>
            <p>{t(`exporting.notEjected.${cause}.text`)}</p>
            <Fold summary={t('common.details')}>
              <Code text={answer.reason} what={t('common.details')} block />
            </Fold>
          </Note>
        </div>
      )}
      {eject.error && <ErrorPanel error={eject.error} />}
    </div>
  );
}
