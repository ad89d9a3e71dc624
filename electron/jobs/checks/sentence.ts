import type { Check, CheckMatch, CheckResult } from '../../../shared/model/check.ts';

/** What a check asks for, in one line: `device publishes to a/b; observer receives the same on a/b within 2000 ms`. */
export function checkSentence({ publish, expect }: Check): string {
  const { answer } = publish;
  const answered = answer === 'accepted' ? '' : answer === 'any' ? ', whatever the broker answers' : `, answered with ${answer}`;
  const receives = expect.arrives ? `receives ${matchText(expect.match)}` : 'receives nothing';
  return `${publish.by} publishes to ${publish.topic}${answered}; ${expect.at} ${receives} on ${expect.topic} within ${expect.within} ms`;
}

function matchText(match: CheckMatch): string {
  switch (match.kind) {
    case 'any':
      return 'a message';
    case 'same':
      return 'the same';
    case 'text':
      return `the text ${JSON.stringify(match.text)}`;
    case 'contains':
      return `a text with ${JSON.stringify(match.text)} in it`;
    case 'bytes':
      return `the bytes ${match.text}`;
    case 'json':
      return `JSON with ${match.text}`;
    case 'path':
      return match.compare === 'exists' ? `JSON with ${match.path}` : `JSON with ${match.path} ${match.compare} ${match.value}`;
  }
}

/** What came of it, in one line; technical, English. */
export function resultSentence(result: CheckResult, check: Check): string {
  const { reason, code, got, others, who, failure, roundTrip } = result;
  const { publish, expect } = check;
  switch (reason) {
    case null:
      return roundTrip === null ? 'nothing arrived, as it should be' : `arrived after ${roundTrip.toFixed(1)} ms`;
    case 'publish-refused':
      return `the broker refused the message: reason code ${code}`;
    case 'other-code':
      return `the broker answered with reason code ${code}, expected was ${publish.answer}`;
    case 'thrown-out':
      return `the broker closed the connection of the ${who} for what it asked for${failureText(failure)}`;
    case 'subscribe-refused':
      return `the broker refused to let the ${who} listen: reason code ${code}`;
    case 'timeout':
      return others > 0
        ? `nothing arrived within ${expect.within} ms; ${others} other messages came there`
        : `nothing arrived within ${expect.within} ms`;
    case 'other-payload':
      return `it arrived and says something else: ${gotText(got)}`;
    case 'unexpected':
      return `it arrived and must not: ${gotText(got)}`;
    case 'connection':
      return `the ${who} has no connection${failureText(failure)}`;
    case 'no-reason-code':
      return 'the broker speaks only MQTT 3.1.1, which knows no reason codes';
    case 'not-sendable':
      return code === null ? 'filled in it is no message' : `it cannot be sent: reason code ${code}`;
    case 'no-certificate':
      return 'the vault has no certificate of the device';
    case 'no-key':
      return 'the key of the device is not in the vault, and there is no test certificate';
    case 'cancelled':
      return 'cancelled before';
  }
}

function failureText(failure: CheckResult['failure']): string {
  return failure ? ` (${failure.cause}${failure.raw === '' ? '' : `, ${failure.raw}`})` : '';
}

/** The text, if it is one; otherwise its bytes. */
function gotText(got: CheckResult['got']): string {
  if (!got) return '';
  const bytes = Buffer.from(got.base64, 'base64');
  const text = bytes.toString();
  const printable = Buffer.from(text).equals(bytes) && !/[\p{Cc}\p{Cn}]/u.test(text.replace(/[\t\r\n]/g, ''));
  const more = got.size > bytes.length ? `… (${got.size} bytes)` : '';
  return `${printable ? JSON.stringify(text) : bytes.toString('hex')}${more} on ${got.topic}`;
}
