import { Module } from '@nestjs/common';
import { DashboardController } from './dashboard.controller.js';
import { DashboardStats } from './dashboard-stats.js';

@Module({ controllers: [DashboardController], providers: [DashboardStats] })
export class DashboardModule {}
