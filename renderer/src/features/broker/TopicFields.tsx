import { useTranslation } from 'react-i18next';
import type { AccessDanger } from '../../../../shared/rules/access-dangers.ts';
import { checkTopicTemplate } from '../../../../shared/rules/topic.ts';
import { Dangers } from '../../ui/Dangers.tsx';
import { Fold } from '../../ui/Fold.tsx';
import { TagField } from '../../ui/TagField.tsx';

interface Topics {
  readonly write: readonly string[];
  readonly read: readonly string[];
  readonly deny?: readonly string[] | undefined;
}

interface Props {
  /** Who: a role or a device, as a label. */
  readonly who: string;
  readonly topics: Topics;
  readonly onChange: (change: Partial<Topics>) => void;
  readonly dangers: readonly AccessDanger[];
  readonly error?: string | undefined;
  /** Denials are what it is for: not folded away. */
  readonly denyOpen?: boolean;
}

/** What somebody may write and read, and what never; with what is worth a second look right below. */
export function TopicFields({ who, topics, onChange, dangers, error, denyOpen = false }: Props) {
  const { t } = useTranslation();
  const denied = topics.deny ?? [];
  const field = (verb: 'write' | 'read' | 'deny') => (
    <TagField
      label={t(`access.field.${verb}`, { role: who })}
      values={topics[verb] ?? []}
      onChange={(values) => onChange({ [verb]: values })}
      check={checkTopicTemplate}
      placeholder={t('access.add')}
      hint={verb === 'deny' ? t('access.denyHint') : undefined}
      error={verb === 'read' ? error : undefined}
    />
  );
  return (
    <>
      {field('write')}
      {field('read')}
      {denyOpen ? (
        field('deny')
      ) : (
        <Fold summary={denied.length > 0 ? t('access.denyFoldSome', { count: denied.length }) : t('access.denyFold')}>
          {field('deny')}
        </Fold>
      )}
      <Dangers dangers={dangers} />
    </>
  );
}
