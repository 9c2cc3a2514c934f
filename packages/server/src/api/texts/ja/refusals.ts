import type { RefusalCode } from '@diskferry/protocol';

export const REFUSALS_JA: Readonly<Record<RefusalCode, string>> = {
  'already-paused': '移行は既に一時停止しています。',
  'not-paused': '移行は一時停止しておらず、誰かを待ってもいません。',
  'waits-for-its-time': '移行は開始時刻を待っており、時刻になれば自動的に進みます。',
  'waits-for-a-worker': 'ワーカーが空きしだい、移行は自動的に進みます。',
  'needs-a-link': '移行を続けるには新しいリンクが必要です。リンクを置き換えてください。',
  'needs-credentials': '移行を続けるには新しいリンクまたは認証情報が必要です。リンクを置き換えてください。',
  'instance-is-stopping': 'インスタンスの停止処理中で、中断できません。少し待ってからもう一度操作してください。',
  'instance-is-starting': 'ディスクは完成しており、インスタンスの起動処理中です。中断できません。',
  'not-over': '移行は失敗もキャンセルもされていないため、再試行するものがありません。',
  'link-in-use': 'リンクは読み取り中です。移行を一時停止してから、リンクを置き換えてください。',
  'nothing-left-to-copy': 'すべてコピーして検証しました。ソースからはもう何も読み取りません。',
  'already-succeeded': '移行は成功しています。もう一度書き込むには、移行を新規に作成してください。',
  'already-failed': '移行は失敗しています。先に再試行してください。',
  'already-cancelled': '移行はキャンセルされています。先に再試行してください。',
};
