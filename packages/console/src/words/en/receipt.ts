export const RECEIPT = {
  signature: {
    valid: 'The signature is valid: this is the receipt as it was signed with the key below.',
    invalid: 'The signature is not valid: it was changed after it was signed, or signed with another key.',
    unknown: 'This browser cannot check the signature here. The command below can.',
  },
  digest: 'Digest of {{volume}}',
  noDigest: 'none was taken',
  ended: 'Ended',
  key: 'Signed with the key',
} as const;
