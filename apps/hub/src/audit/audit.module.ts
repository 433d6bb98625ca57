import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Audit } from './audit.js';
import { AuditController } from './audit.controller.js';
import { AuditEntry } from './audit-entry.entity.js';

@Global()
@Module({
  imports: [TypeOrmModule.forFeature([AuditEntry])],
  controllers: [AuditController],
  providers: [Audit],
  exports: [Audit],
})
export class AuditModule {}
