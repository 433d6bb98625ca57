import { Global, Module } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { KeyCheck } from './key-check.js';
import { loadSecretKeys } from './key-files.js';
import { SecretBox } from './secret-box.js';

@Global()
@Module({
  providers: [
    {
      provide: SecretBox,
      inject: [Settings],
      useFactory: (settings: Settings) => new SecretBox(loadSecretKeys(settings)),
    },
    KeyCheck,
  ],
  exports: [SecretBox, KeyCheck],
})
export class SecretsModule {}
