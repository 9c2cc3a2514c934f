export const RECEIPT = {
  signature: {
    valid: '署名は有効です。下記の鍵で署名されたときのままの受領証です。',
    invalid: '署名が無効です。署名後に変更されたか、別の鍵で署名されています。',
    unknown: 'このブラウザーではここで署名を検証できません。下記のコマンドで検証できます。',
  },
  digest: '{{volume}} のダイジェスト',
  noDigest: 'なし',
  ended: '終了',
  key: '署名鍵',
} as const;
