import type { MigrationRequest } from '../migrations/request.ts';
import type { PreflightReport } from './report.ts';
import type { ImageStore, Sight } from '../images/seen-image.ts';

interface Look {
  readonly images: MigrationRequest['images'];
  readonly report: Pick<PreflightReport, 'images' | 'checks'>;
  readonly by: string;
  readonly at: number;
  readonly migration: string | null;
}

/** Lists what a preflight has seen; where that cannot be, `warn` is told, and nothing else depends on it. */
export async function keepSights(
  images: Pick<ImageStore, 'saw'>,
  look: Omit<Look, 'at'>,
  warn: (text: string) => void,
): Promise<void> {
  try {
    await images.saw(sightsOf({ ...look, at: Date.now() }));
  } catch (error) {
    warn(`the images that were seen are not listed: ${error instanceof Error ? error.message : 'unknown'}`);
  }
}

/** What a preflight has seen of the images that could be read. One that could not be read is no reason to forget it. */
export function sightsOf({ images, report, by, at, migration }: Look): Sight[] {
  return images.flatMap(({ source }, index) => {
    const found = report.images[index];
    if (found === undefined || found.identity === null) return [];
    const { layers, fileSize, virtualSize, reading, guest } = found;
    const count = (wanted: 'block' | 'warn') => {
      return report.checks.filter(({ image, code, verdict }) => {
        return image === index && verdict === wanted && isAboutImage(code);
      }).length;
    };
    const looks = { blocks: count('block'), warnings: count('warn'), seenAt: at, seenBy: by, migration };
    return [{ link: source.link, layers, fileSize, virtualSize, reading, guest, ...looks }];
  });
}

/** Others are about the target that it was compared with. */
function isAboutImage(code: string): boolean {
  return /^(link|image|guest|format|checksum|member)-/.test(code);
}
