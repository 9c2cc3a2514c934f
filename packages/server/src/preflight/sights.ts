import type { MigrationRequest } from '../migrations/request.ts';
import type { PreflightReport } from './report.ts';
import type { Sight } from '../images/seen-image.ts';

interface Look {
  readonly images: MigrationRequest['images'];
  readonly report: Pick<PreflightReport, 'images' | 'checks'>;
  readonly by: string;
  readonly at: number;
  readonly migration: string | null;
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
