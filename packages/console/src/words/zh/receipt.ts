export const RECEIPT = {
  signature: {
    valid: '签名有效：这就是用下列密钥签署时的回执。',
    invalid: '签名无效：签署后被修改，或由其他密钥签署。',
    unknown: '此浏览器无法在这里检查签名，可使用下面的命令。',
  },
  digest: '{{volume}} 的摘要',
  noDigest: '未计算',
  ended: '结束时间',
  key: '签名密钥',
} as const;
