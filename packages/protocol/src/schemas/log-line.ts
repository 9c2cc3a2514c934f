import { Type } from 'typebox';
import { LOG_LEVELS } from '../log-line.ts';
import { answered, asked, listOf, oneOf, whole } from './shapes.ts';

export const LogLineView = answered('LogLine', {
  seq: Type.Integer(),
  at: Type.Integer(),
  level: oneOf(LOG_LEVELS),
  text: Type.String(),
});
export const LogLineList = listOf('LogLineList', LogLineView);

/** Only what came after a line that is known. */
export const LogLineQuery = asked('LogLineQuery', { after: Type.Optional(whole()) });
