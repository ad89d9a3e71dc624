import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TypedBytes } from '../../../../../shared/model/own-connection.ts';
import type { Problem } from '../../../../../shared/problems.ts';
import { checkTypedBytes } from '../../../../../shared/rules/own-connection.ts';
import { useFormat } from '../../../locales/FormatContext.tsx';
import { problemText } from '../../../ui/error-text.ts';
import { TextField, Tick } from '../../../ui/Field.tsx';
import css from './Connection.module.css';
import type { PartProps } from './ConnectionEditor.tsx';
import type { StoredConnection } from './connection-draft.ts';
import { AnswerRows, BytesField } from './FormParts.tsx';

/** What was typed for enhanced authentication; what is left empty keeps what is stored. */
export interface TypedAuthentication {
  readonly data: TypedBytes;
  readonly answers: readonly TypedBytes[];
  readonly forget: boolean;
}

/** Holds it, and knows what `connection.put` has to be told. */
export function useAuthentication() {
  const [typed, setTyped] = useState<TypedAuthentication>({ data: { form: 'text', text: '' }, answers: [], forget: false });
  const { data, answers, forget } = typed;
  return {
    typed,
    setTyped,
    wrong: [data, ...answers].some((each) => checkTypedBytes(each).length > 0),
    put: {
      ...(data.text === '' ? {} : { authenticationData: data }),
      ...(answers.length > 0 ? { authenticationAnswers: [...answers] } : forget ? { authenticationAnswers: [] } : {}),
    },
  };
}

interface Props extends PartProps {
  readonly typed: TypedAuthentication;
  readonly onTyped: (typed: TypedAuthentication) => void;
  readonly tried: boolean;
  readonly kept: StoredConnection['has'] | undefined;
}

/** Enhanced authentication (MQTT 5 §4.12): a method, what goes with CONNECT, and an answer to each step of the broker. */
export function AuthenticationFields({ draft, change, wrong, typed, onTyped, tried, kept }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, answers, forget } = typed;
  const stored = kept?.authenticationAnswers ?? 0;
  const problem = (bytes: TypedBytes) => {
    const [first]: Problem[] = tried ? checkTypedBytes(bytes) : [];
    return first === undefined ? false : problemText(first, t, format);
  };
  return (
    <>
      <TextField
        label={t('connections.editor.authenticationMethod')}
        value={draft.mqtt.authenticationMethod}
        onChange={(authenticationMethod) => change({ mqtt: { ...draft.mqtt, authenticationMethod } })}
        error={wrong('mqtt.authenticationMethod')}
        hint={t('connections.editor.authenticationMethodHint')}
        maxLength={1_000}
        mono
      />
      {draft.mqtt.authenticationMethod !== '' && (
        <>
          <BytesField
            label={t('connections.editor.authenticationData')}
            value={data}
            onChange={(next) => onTyped({ ...typed, data: next })}
            error={problem(data)}
            hint={kept?.authenticationData && t('connections.editor.authenticationKept')}
          />
          <AnswerRows
            values={answers}
            onChange={(next) => onTyped({ ...typed, answers: next })}
            problem={(index) => {
              const answer = answers[index];
              return answer && problem(answer);
            }}
          />
          {stored > 0 && (
            <>
              <p className={css.small}>{t('connections.editor.answersKept', { count: stored })}</p>
              {answers.length === 0 && (
                <Tick
                  label={t('connections.editor.answersForget')}
                  checked={forget}
                  onChange={(next) => onTyped({ ...typed, forget: next })}
                />
              )}
            </>
          )}
        </>
      )}
    </>
  );
}
