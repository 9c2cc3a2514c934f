const SECTOR = 512;
const LOAD_ADDRESS = 0x7c00;

/** What the machine does after it has written its text. */
export type Then = 'halt' | 'wait for the power button' | 'say it for ever' | 'say what it hears';

/**
 * A whole operating system: the BIOS loads it, it writes `text` to the first serial port, and halts, waits for the
 * power button and switches itself off, begins again, or gives back what comes in there. With it a machine is seen to run without an image of anything.
 */
export function bootSector(text: string, then: Then = 'halt'): Uint8Array {
  const code = [...START, ...PRINT, ...ENDINGS[then]];
  const message = [...Buffer.from(text, 'latin1'), 0];
  if (code.length + message.length > SECTOR - 2) throw new Error(`a text of ${text.length} bytes is too long`);
  const sector = new Uint8Array(SECTOR);
  sector.set([...code, ...message]);
  new DataView(sector.buffer).setUint16(MESSAGE_OPERAND, LOAD_ADDRESS + code.length, true);
  sector.set([0x55, 0xaa], SECTOR - 2);
  return sector;
}

const START = machineCode(
  'fa', // cli
  '31 c0', // xor ax, ax
  '8e d8', // mov ds, ax
  'fc', // cld
  'be 00 00', // mov si, the message
);
const MESSAGE_OPERAND = START.length - 2;

const PRINT = machineCode(
  'ac', // next: lodsb
  '84 c0', // test al, al
  '74 11', // jz behind the loop
  '88 c4', // mov ah, al
  'ba fd 03', // mov dx, 0x3fd: line status of COM1
  'ec', // wait: in al, dx
  'a8 20', // test al, 0x20: room for a byte
  '74 fb', // jz wait
  'b2 f8', // mov dl, 0xf8: data of COM1
  '88 e0', // mov al, ah
  'ee', // out dx, al
  'eb ea', // jmp next
);

const HALT = machineCode(
  'f4', // hlt
  'eb fd', // jmp to it
);

/** Registers of ACPI where SeaBIOS puts them: status 0x600, enable 0x602, control 0x604 (ACPI 4.8.3). */
const SWITCH_OFF = [
  ...machineCode(
    'ba 02 06', // mov dx, 0x602
    'b8 00 01', // mov ax, 0x100: PWRBTN_EN
    'ef', // out dx, ax
    'ba 00 06', // mov dx, 0x600
    'ed', // wait: in ax, dx
    'f6 c4 01', // test ah, 1: PWRBTN_STS
    '74 fa', // jz wait
    'ba 04 06', // mov dx, 0x604
    'b8 00 20', // mov ax, 0x2000: SLP_EN; to be off is type 0 on this machine
    'ef', // out dx, ax
  ),
  ...HALT,
];

const ECHO = machineCode(
  'ba fd 03', // next: mov dx, 0x3fd: line status of COM1
  'ec', // hear: in al, dx
  'a8 01', // test al, 1: a byte has come
  '74 fb', // jz hear
  'b2 f8', // mov dl, 0xf8: data of COM1
  'ec', // in al, dx
  '88 c4', // mov ah, al
  'b2 fd', // mov dl, 0xfd
  'ec', // wait: in al, dx
  'a8 20', // test al, 0x20: room for a byte
  '74 fb', // jz wait
  'b2 f8', // mov dl, 0xf8
  '88 e0', // mov al, ah
  'ee', // out dx, al
  'eb e5', // jmp next
);

const JUMP = 3;
const FROM_THE_START = -(START.length + PRINT.length + JUMP);

const ENDINGS: Readonly<Record<Then, readonly number[]>> = {
  halt: HALT,
  'wait for the power button': SWITCH_OFF,
  'say what it hears': ECHO,
  'say it for ever': [0xe9, FROM_THE_START & 0xff, (FROM_THE_START >> 8) & 0xff], // jmp to the first instruction
};

function machineCode(...instructions: readonly string[]): number[] {
  return [...Buffer.from(instructions.join('').replaceAll(' ', ''), 'hex')];
}
