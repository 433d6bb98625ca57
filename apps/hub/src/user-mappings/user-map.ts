import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Who is who, as runs read it. */
@Injectable()
export class UserMap {
  constructor(private readonly database: DataSource) {}

  /** By username of `from` in lower case. What was said for this direction counts before what follows from the other. */
  async between(from: string, to: string): Promise<ReadonlyMap<string, string>> {
    const rows: { name: string; username: string }[] = await this.database.query(
      `select lower(source_username) as name, target_username as username from user_mapping
       where source_instance_id::text = $1 and target_instance_id::text = $2
       union all
       select lower(target_username), min(source_username) from user_mapping back
       where source_instance_id::text = $2 and target_instance_id::text = $1
         and not exists (select from user_mapping forth where forth.source_instance_id::text = $1
           and forth.target_instance_id::text = $2 and lower(forth.source_username) = lower(back.target_username))
       group by lower(target_username) having count(*) = 1`,
      [from, to],
    );
    return new Map(rows.map(({ name, username }) => [name, username]));
  }
}
