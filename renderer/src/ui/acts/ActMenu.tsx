import '@mantine/core/styles/Popover.css';
import '@mantine/core/styles/Menu.css';
import { Menu } from '@mantine/core';
import {
  type Icon,
  IconBan,
  IconChevronDown,
  IconKey,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconReplace,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { WriteButton } from '../WriteButton.tsx';
import css from './Acts.module.css';

export const certificateActs = ['renew', 'rekey', 'replace', 'hold', 'release', 'revoke'] as const;
export type CertificateAct = (typeof certificateActs)[number];

const icons: Readonly<Record<CertificateAct, Icon>> = {
  renew: IconRefresh,
  rekey: IconKey,
  replace: IconReplace,
  hold: IconPlayerPause,
  release: IconPlayerPlay,
  revoke: IconBan,
};

export interface MoreAct {
  readonly icon: Icon;
  readonly name: string;
  readonly what: string;
  readonly onClick: () => void;
}

interface Props {
  readonly onAct: (act: CertificateAct) => void;
  /** What is left out: it could not be done here. */
  readonly without?: readonly CertificateAct[];
  /** What else can be done here, below the rest. */
  readonly more?: readonly MoreAct[];
}

/** Everything that can be done with certificates, each with what it means and who needs something afterwards. */
export function ActMenu({ onAct, without = [], more = [] }: Props) {
  const { t } = useTranslation();
  return (
    <Menu
      position="bottom-end"
      width={420}
      offset={4}
      transitionProps={{ duration: 0 }}
      withinPortal={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <WriteButton
          variant="default"
          size="sm"
          title={t('acts.menuLabel')}
          rightSection={<IconChevronDown size={18} aria-hidden />}
        >
          {t('acts.menu')}
        </WriteButton>
      </Menu.Target>
      <Menu.Dropdown className={css.menu} aria-label={t('acts.menuLabel')}>
        {certificateActs
          .filter((act) => !without.includes(act))
          .map((act) => {
            const Sign = icons[act];
            return (
              <Menu.Item
                key={act}
                className={css.item}
                leftSection={<Sign size={20} stroke={1.7} aria-hidden />}
                onClick={() => onAct(act)}
              >
                <span>
                  <b>{t(`acts.${act}.name`)}</b>
                  <span>{t(`acts.${act}.what`)}</span>
                </span>
              </Menu.Item>
            );
          })}
        {more.map(({ icon: Sign, name, what, onClick }) => (
          <Menu.Item key={name} className={css.item} leftSection={<Sign size={20} stroke={1.7} aria-hidden />} onClick={onClick}>
            <span>
              <b>{name}</b>
              <span>{what}</span>
            </span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
