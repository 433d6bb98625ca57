import { Injectable } from '@nestjs/common';

/** How many rows are read in order before asking the other indexes; a later walk only where the one before found some. */
@Injectable()
export class WalkLengths {
  readonly rows: readonly number[] = [5_000, 20_000];
}
