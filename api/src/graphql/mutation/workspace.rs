//! Workspaces as a whole.

use async_graphql::{Context, ID, InputObject, Object, Result};
use nhip_domain::{member, workspace};

use super::{
    super::{ask::Ask as _, types::Workspace},
    WorkspaceInput,
};

/// Workspaces as a whole.
#[derive(Default)]
pub(super) struct WorkspaceMutation;

/// A workspace to be.
#[derive(InputObject)]
struct CreateWorkspaceInput {
    /// What its people will call it.
    name: String,
}

/// Another name.
#[derive(InputObject)]
struct RenameWorkspaceInput {
    /// Which workspace.
    workspace_id: ID,
    /// Its new name.
    name: String,
}

#[Object]
impl WorkspaceMutation {
    /// Makes a further workspace, owned by the caller; it starts without credits.
    async fn create_workspace(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A workspace to be.")] input: CreateWorkspaceInput,
    ) -> Result<Workspace> {
        let (cx, caller) = (ctx.cx()?, ctx.caller()?);
        let row = workspace::create(cx, caller, &input.name).await?;
        Ok(Workspace::new(caller.tenant(cx, row.id).await?, row)?)
    }

    /// Gives a workspace another name.
    async fn rename_workspace(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Another name.")] input: RenameWorkspaceInput,
    ) -> Result<Workspace> {
        let owner = ctx.tenant(&input.workspace_id).await?.owner()?;
        let row = workspace::rename(ctx.cx()?, &owner, &input.name).await?;
        Ok(Workspace::new(owner.tenant().clone(), row)?)
    }

    /// Takes the caller out of a workspace, at once; the last owner stays.
    async fn leave_workspace(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which workspace.")] input: WorkspaceInput,
    ) -> Result<bool> {
        let tenant = ctx.tenant(&input.workspace_id).await?;
        member::leave(ctx.cx()?, &tenant).await?;
        Ok(true)
    }

    /// Stops a workspace at once; it is erased after 7 days.
    async fn delete_workspace(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which workspace.")] input: WorkspaceInput,
    ) -> Result<bool> {
        let owner = ctx.tenant(&input.workspace_id).await?.owner()?;
        workspace::delete(ctx.cx()?, &owner).await?;
        Ok(true)
    }
}
