interface Entry {
  /** The HTTP status of an answer with this code. */
  readonly status: number;
  /** What it means, one sentence. */
  readonly meaning: string;
  /** What the person can do. */
  readonly remedy: string;
}

const entry = (status: number, meaning: string, remedy: string): Entry => ({ status, meaning, remedy });

/** Every error of the service itself, by its stable code: never renamed. Those of the engine and of providers have their own. */
export const SERVICE_CATALOGUE = {
  'invalid-request': entry(422, 'The request cannot be what was asked for.', 'Change what the message names.'),
  'illegal-transition': entry(
    409,
    'The event does not fit where the migration stands. Nothing was changed.',
    'Read the migration again; this is a fault of the program that sent it.',
  ),
  'action-refused': entry(
    409,
    'The action is not allowed where the migration stands.',
    'Do what the reason says, or wait until the migration stands elsewhere.',
  ),
  'not-found': entry(404, 'There is nothing with this id.', 'List what there is, and take the id from there.'),
  'idempotency-conflict': entry(
    409,
    'The idempotency key was used with another request.',
    'Use a new key for every request, and the same one only to send the same request again.',
  ),
  'version-conflict': entry(409, 'Somebody else changed it meanwhile.', 'Read it again, then decide anew.'),
  'stale-fence': entry(
    409,
    'The lease was lost and the migration belongs to another worker.',
    'Nothing: the worker stops writing by itself, and the other one goes on.',
  ),
  'resource-locked': entry(
    409,
    'Another migration holds a lock on the instance or the volume.',
    'Wait until the migration that the message names is over, or cancel it.',
  ),
  'boot-failed': entry(
    409,
    'A copy of the disks was started to see whether they start, and did not come up.',
    'Look at what it said. Resume with boot-failed accepted to go on: the disks stay as they were written; or repair the image and create a new migration.',
  ),
  'boot-unproved': entry(
    409,
    'It was asked for that a copy of the disks is started, and this cannot be done here.',
    'Install what runs instances where the message says so, or resume with boot-unproved accepted.',
  ),
  'invalid-cursor': entry(422, 'The cursor was not made by this list.', 'Begin with the first page.'),
  'newer-schema': entry(
    503,
    'The database was written by a newer version of Diskferry.',
    'Install that version here as well.',
  ),
  'preflight-blocked': entry(
    422,
    'A check that was made before a byte is written forbids the migration.',
    'Do what the remedy of each blocking check says, then create the migration again.',
  ),
  'warnings-not-accepted': entry(
    422,
    'A check warns, and the warning was not accepted.',
    'Read the warnings; accept them by their codes in options.accept.',
  ),
  'not-signed-in': entry(401, 'Nobody is signed in, or the token is not valid.', 'Sign in, or send a valid token.'),
  'not-allowed': entry(403, 'The role does not allow this.', 'Ask somebody with the role that the message names.'),
  'sign-in-failed': entry(401, 'The name and the password do not belong together.', 'Try again, or ask an admin.'),
  'too-many-tries': entry(429, 'Too many tries to sign in.', 'Wait as long as the answer says.'),
  'last-admin': entry(409, 'It is the last admin that can sign in.', 'Make somebody else an admin first.'),
  'csrf-refused': entry(403, 'The request does not come from the console.', 'Reload the page and sign in again.'),
  'source-not-allowed': entry(
    422,
    'The administrator does not allow sources there.',
    'Use a public address, or have the host, the range or the folder listed in the configuration.',
  ),
  'managed-elsewhere': entry(
    409,
    'The instance or volume is managed by a worker on another machine.',
    'Do it on the machine that the message names. Migrations onto it can be created here.',
  ),
  'configuration-invalid': entry(
    500,
    'The configuration has a value that is not understood.',
    'Change the key that the message names; docs/configuration.md has all of them.',
  ),
  'address-in-use': entry(
    500,
    'The address at which the service should listen is taken or not of this machine.',
    'End what listens there, or give another host or port: service.listen, DISKFERRY_PORT.',
  ),
  'store-unavailable': entry(
    503,
    'The database cannot be reached or cannot be written.',
    'Look for the cause that the message names: it goes on by itself once that is gone.',
  ),
  'secret-unreadable': entry(
    409,
    'The credentials were sealed with another key, or are gone.',
    'Give the credentials again: replace the link.',
  ),
  'malformed-request': entry(400, 'The request cannot be read.', 'Send JSON as RFC 8259 has it, and well-formed HTTP.'),
  'no-such-address': entry(404, 'There is nothing at this address.', 'Take the addresses from /api/v1/docs.'),
  'method-not-allowed': entry(405, 'The address does not take this method.', 'Use one that the header Allow names.'),
  'request-timeout': entry(408, 'The request did not arrive in time.', 'Send it again, without a pause in it.'),
  'request-too-large': entry(413, 'The request is larger than what is taken.', 'Send less than the message allows.'),
  'media-type-unsupported': entry(
    415,
    'The request is in a form that is not read.',
    'Send JSON, with content-type: application/json.',
  ),
  'host-not-allowed': entry(
    421,
    'The service does not answer to this host name.',
    'Use the address that the service printed, or have the name listed in the configuration.',
  ),
  'headers-too-large': entry(431, 'The headers are larger than what is taken.', 'Send fewer or shorter headers.'),
  'not-offered': entry(409, 'The provider cannot do this.', 'Do it with the tools of the provider itself.'),
  'too-many-listeners': entry(
    503,
    'As many as the service serves are listening already.',
    'Close pages that show progress, or ask again in a moment.',
  ),
  'shutting-down': entry(503, 'The service is being shut down.', 'Ask again when it is back.'),
  'checkpoint-lost': entry(
    409,
    'What the worker knew of a disk that it had begun to write is gone.',
    'Try the migration again: it writes all of the disk anew.',
  ),
  'disk-changed': entry(
    409,
    'The disk no longer holds what the migration had written: somebody else wrote to it in between.',
    'Try the migration again: it writes all of the disk anew.',
  ),
  'key-unusable': entry(
    500,
    'The file or variable with a key of the service cannot be used.',
    'Restore the key, or its rights (0600); without the old key, what it sealed must be given again.',
  ),
  'internal-error': entry(500, 'A fault of Diskferry.', 'Report it with the log of the time that the answer names.'),
} as const satisfies Record<string, Entry>;

export type ServiceErrorCode = keyof typeof SERVICE_CATALOGUE;
