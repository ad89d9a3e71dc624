import '@mantine/core/styles/Popover.css';
import '@mantine/core/styles/Menu.css';
import { Button, Menu } from '@mantine/core';
import { IconBraces, IconChevronDown, IconFileTypePdf, IconUsb } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DoctorReport } from '../../../../shared/model/doctor.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { chooseForExport } from '../../bridge/export-choice.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import acts from '../../ui/acts/Acts.module.css';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { hrefOf } from '../../ui/route.ts';
import css from './Doctor.module.css';
import { acceptanceDocument, reportName } from './report-document.ts';

interface Props {
  readonly projectId: number;
  readonly project: string;
  readonly report: DoctorReport;
}

/** The acceptance report: printed, as data, or onto the medium beside the device's files. */
export function ReportMenu({ projectId, project, report }: Props) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const [saved, setSaved] = useState('');
  const who = reportName(report, t);
  const text = `${JSON.stringify(report, null, 2)}\n`;
  const document = () => acceptanceDocument(report, { t, format, language: i18n.language });
  const pdf = useAction(async () => {
    const written = await call('document.print', { name: fileName(t('doctor.report.file', { who })), document: document() });
    if (written) setSaved(written.file);
  });
  const json = useAction(async () => {
    const written = await call('text.save', { name: `${fileName(`fieldkey-acceptance-${project}-${who}`)}.json`, text });
    if (written) setSaved(written.file);
  });
  const toMedium = () => {
    // what lies there stays as it is: only the report goes along, unless more is chosen there
    const acceptance = { who, report: { deviceId: report.identity.deviceId, json: text, document: document() } };
    chooseForExport({ projectId, deviceIds: [], withBroker: false, acceptance });
    window.location.hash = hrefOf('export');
  };
  const error = pdf.error ?? json.error;
  const entries = [
    { key: 'pdf', icon: IconFileTypePdf, run: () => void pdf.run() },
    { key: 'json', icon: IconBraces, run: () => void json.run() },
    { key: 'medium', icon: IconUsb, run: toMedium },
  ] as const;
  return (
    <div className={css.report}>
      <Menu
        position="bottom-end"
        width={380}
        offset={4}
        transitionProps={{ duration: 0 }}
        withinPortal={false}
        withInitialFocusPlaceholder={false}
      >
        <Menu.Target>
          <Button
            variant="default"
            title={t('doctor.report.label')}
            loading={pdf.pending}
            rightSection={<IconChevronDown size={18} aria-hidden />}
          >
            {t('doctor.report.button')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown className={acts.menu} aria-label={t('doctor.report.label')}>
          {entries.map(({ key, icon: Picture, run }) => (
            <Menu.Item key={key} className={acts.item} leftSection={<Picture size={20} stroke={1.7} aria-hidden />} onClick={run}>
              <span>
                <b>{t(`doctor.report.${key}`)}</b>
                <span>{t(`doctor.report.${key}Text`)}</span>
              </span>
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <p className={css.saved} role="status">
        {saved !== '' && t('doctor.report.saved', { file: saved })}
      </p>
      {error && <ErrorPanel error={error} />}
    </div>
  );
}

/** Without what a file system or main refuses. */
function fileName(text: string): string {
  return text.replace(/[^\p{L}\p{N} ._-]+/gu, '-').slice(0, 100);
}
