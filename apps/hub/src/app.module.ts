import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { AuditModule } from './audit/audit.module.js';
import { AuthModule } from './auth/auth.module.js';
import { CatalogModule } from './catalog/catalog.module.js';
import { Settings } from './config/settings.js';
import { ConflictsModule } from './conflicts/conflicts.module.js';
import { ConnectionSourceModule } from './connections/connection-source.module.js';
import { ConnectionsModule } from './connections/connections.module.js';
import { DashboardModule } from './dashboard/dashboard.module.js';
import { DatabaseModule } from './database/database.module.js';
import { DeliveriesModule } from './deliveries/deliveries.module.js';
import { EnvironmentConnectionModule } from './environment-connection/environment-connection.module.js';
import { EventsModule } from './events/events.module.js';
import { HealthModule } from './health/health.module.js';
import { InstancesModule } from './instances/instances.module.js';
import { ItemsModule } from './items/items.module.js';
import { LinksModule } from './links/links.module.js';
import { HubLog } from './logging/hub-log.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { PlansModule } from './plans/plans.module.js';
import { RunsModule } from './runs/runs.module.js';
import { SeedPathsModule } from './seed-paths/seed-paths.module.js';
import { SecretsModule } from './secrets/secrets.module.js';
import { UserMappingsModule } from './user-mappings/user-mappings.module.js';

/** What exists before anything else and everybody may have. */
@Global()
@Module({})
export class GroundModule {
  static of(settings: Settings, log: HubLog): DynamicModule {
    const providers = [
      { provide: Settings, useValue: settings },
      { provide: HubLog, useValue: log },
    ];
    return { module: GroundModule, providers, exports: [Settings, HubLog] };
  }
}

@Module({
  imports: [
    ScheduleModule.forRoot(),
    DatabaseModule,
    SecretsModule,
    AuditModule,
    AuthModule,
    MetricsModule,
    HealthModule,
    CatalogModule,
    ConnectionSourceModule,
    InstancesModule,
    ConnectionsModule,
    RunsModule,
    DashboardModule,
    EventsModule,
    LinksModule,
    DeliveriesModule,
    UserMappingsModule,
    PlansModule,
    ItemsModule,
    ConflictsModule,
    SeedPathsModule,
    EnvironmentConnectionModule,
  ],
})
export class AppModule {
  static of(settings: Settings, log: HubLog): DynamicModule {
    return { module: AppModule, imports: [GroundModule.of(settings, log)] };
  }
}
