import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsInt, IsString, IsUUID, Length, Max, Min } from 'class-validator';
import type { JsonObject } from '@syncline/connector-sdk';
import { ConnectionView } from '../connections/connection-view.js';
import { type FieldError, Problem } from '../http/problem.js';
import { Absent, IsName } from '../http/validation.js';

/** A project by id or by path; the tool took both as text or number. */
const AsText = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'number' ? String(value) : value));

/** The keys of GitLab Issue Transfer Buddy. */
class PairFields {
  @ApiPropertyOptional({ description: 'Absent when creating: from the two projects.' })
  @Absent()
  @IsName()
  name?: string;

  @ApiPropertyOptional({ description: "Absent: as the connector's default." })
  @Absent()
  @IsBoolean()
  bidirectional?: boolean;

  @ApiPropertyOptional({ default: true })
  @Absent()
  @IsBoolean()
  sync_enabled?: boolean;

  @ApiPropertyOptional({ default: 10 })
  @Absent()
  @IsInt()
  @Min(1)
  @Max(525_600)
  sync_interval_minutes?: number;
}

export class NewProjectPairDto extends PairFields {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  source_instance_id: string;

  @ApiProperty({ example: 'group/project', description: 'Id or path.' })
  @AsText()
  @IsString()
  @Length(1, 500)
  source_project_id: string;

  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  target_instance_id: string;

  @ApiProperty({ example: '123', description: 'Id or path.' })
  @AsText()
  @IsString()
  @Length(1, 500)
  target_project_id: string;
}

export class ProjectPairPatchDto extends PairFields {
  @ApiPropertyOptional({ format: 'uuid' })
  @Absent()
  @IsUUID()
  source_instance_id?: string;

  @ApiPropertyOptional()
  @Absent()
  @AsText()
  @IsString()
  @Length(1, 500)
  source_project_id?: string;

  @ApiPropertyOptional({ format: 'uuid' })
  @Absent()
  @IsUUID()
  target_instance_id?: string;

  @ApiPropertyOptional()
  @Absent()
  @AsText()
  @IsString()
  @Length(1, 500)
  target_project_id?: string;
}

/** A connection, with the tool's keys beside its own. */
export class ProjectPairView extends ConnectionView {
  @ApiProperty({ nullable: true, type: String })
  source_instance_id: string | null;

  @ApiProperty({ nullable: true, type: String })
  source_project_id: string | null;

  @ApiProperty({ nullable: true, type: String })
  target_instance_id: string | null;

  @ApiProperty({ nullable: true, type: String })
  target_project_id: string | null;

  @ApiProperty()
  bidirectional: boolean;

  @ApiProperty()
  sync_enabled: boolean;

  @ApiProperty({ nullable: true, type: Number, description: 'Null with another kind of schedule.' })
  sync_interval_minutes: number | null;

  @ApiProperty({ nullable: true, type: String, format: 'date-time' })
  last_sync_at: string | null;
}

export class ProjectPairList {
  @ApiProperty({ type: [ProjectPairView] })
  items: readonly ProjectPairView[];

  @ApiProperty({ nullable: true, type: String })
  nextCursor: string | null;
}

export function toProjectPair(connection: ConnectionView): ProjectPairView {
  const { config, schedule, health } = connection;
  const { source, target } = { source: sideOf(config['source']), target: sideOf(config['target']) };
  return {
    ...connection,
    source_instance_id: source.instance,
    source_project_id: source.project,
    target_instance_id: target.instance,
    target_project_id: target.project,
    bidirectional: config['bidirectional'] === true,
    sync_enabled: connection.enabled,
    sync_interval_minutes: schedule !== null && 'intervalMinutes' in schedule ? schedule.intervalMinutes : null,
    last_sync_at: health.lastSuccessAt?.toISOString() ?? null,
  };
}

function sideOf(side: unknown): { instance: string | null; project: string | null } {
  const value = (name: string): string | null => {
    const found: unknown = typeof side === 'object' && side !== null ? Reflect.get(side, name) : undefined;
    return typeof found === 'string' || typeof found === 'number' ? String(found) : null;
  };
  return { instance: value('instance'), project: value('project') };
}

/** The part of a connector's config that these keys set. */
export function configOf(pair: ProjectPairPatchDto): JsonObject {
  const side = (instance: string | undefined, project: string | undefined): JsonObject => ({
    ...(instance === undefined ? {} : { instance }),
    ...(project === undefined ? {} : { project }),
  });
  const source = side(pair.source_instance_id, pair.source_project_id);
  const target = side(pair.target_instance_id, pair.target_project_id);
  return {
    ...(Object.keys(source).length === 0 ? {} : { source }),
    ...(Object.keys(target).length === 0 ? {} : { target }),
    ...(pair.bidirectional === undefined ? {} : { bidirectional: pair.bidirectional }),
  };
}

const places: Readonly<Record<string, string>> = {
  '/config/source/instance': '/source_instance_id',
  '/config/source/project': '/source_project_id',
  '/config/target/instance': '/target_instance_id',
  '/config/target/project': '/target_project_id',
  '/config/bidirectional': '/bidirectional',
  '/schedule/intervalMinutes': '/sync_interval_minutes',
};

/** A complaint names the field as the client named it. */
export async function inTheirWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Problem) || error.errors === undefined) throw error;
    const errors = error.errors.map(({ path, message }): FieldError => ({ path: places[path] ?? path, message }));
    if (error.getStatus() === 422) throw Problem.invalid(errors);
    throw new Problem(error.getStatus(), error.detail, { errors, headers: error.headers, cause: error });
  }
}
