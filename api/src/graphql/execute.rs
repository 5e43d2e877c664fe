//! Executing operations, over HTTP and over a socket alike: guarded, in time, with errors as the contract wants them.

use std::{any::TypeId, sync::Arc, time::Duration};

use async_graphql::{
    Data, Executor, Request, Response,
    parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType},
};
use futures::{StreamExt as _, future, stream, stream::BoxStream};
use nhip_domain::{audit::Requester, authenticate::Caller};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::{
    AdminSchema, errors,
    guard::{self, Guarded},
    values,
};

/// How long an operation may take.
pub(crate) const DEADLINE: Duration = Duration::from_secs(10);
/// The most operations of one socket at a time.
const AT_ONCE: usize = 100;

/// The admin API, ready to execute; cheap to clone.
#[derive(Clone)]
pub struct Admin {
    schema: AdminSchema,
    describes_itself: bool,
}

/// What a socket's operations share.
#[derive(Clone, Debug)]
pub struct SocketData {
    /// Who is at its other end.
    pub caller: Caller,
    room: Arc<Semaphore>,
}

impl SocketData {
    /// For a socket whose caller has just been authenticated.
    #[must_use]
    pub fn new(caller: Caller) -> Self {
        Self { caller, room: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Admin {
    pub(super) fn new(schema: AdminSchema, describes_itself: bool) -> Self {
        Self { schema, describes_itself }
    }

    /// Whether introspection is on.
    #[must_use]
    pub fn describes_itself(&self) -> bool {
        self.describes_itself
    }

    /// Executes one operation of a caller, or of nobody.
    pub async fn answer(&self, request: Request, caller: Option<Caller>, requester: Requester) -> Response {
        let request = match Self::prepare(request.data(requester)) {
            Ok(request) => request,
            Err(refused) => return *refused,
        };
        let request = match caller {
            Some(caller) => request.data(caller),
            None => request,
        };
        match timeout(DEADLINE, self.schema.execute(request)).await {
            Ok(response) => errors::finish(response),
            Err(_elapsed) => Self::too_slow(),
        }
    }

    /// What the deadline answers.
    pub(crate) fn too_slow() -> Response {
        errors::refused("UNAVAILABLE", "The query took too long; ask for less at once")
    }

    /// Refuses what costs too much.
    fn prepare(mut request: Request) -> Result<Request, Box<Response>> {
        let document = guard::parse(&request.query).map_err(|refused| match refused {
            Guarded::TooComplex(why) => Box::new(errors::refused("QUERY_TOO_COMPLEX", why)),
            Guarded::Invalid(why) => Box::new(errors::refused("BAD_INPUT", &why)),
        })?;
        let operation = chosen(&document, request.operation_name.as_deref());
        values::complete(&mut request.variables, &document, operation)
            .map_err(|fault| Box::new(errors::refused_at(&fault.field, &fault.problem)))?;
        request.set_parsed_query(document);
        Ok(request)
    }
}

impl Executor for Admin {
    async fn execute(&self, request: Request) -> Response {
        self.answer(request, None, Requester::default()).await
    }

    fn execute_stream(&self, request: Request, session: Option<Arc<Data>>) -> BoxStream<'static, Response> {
        let one = |response| stream::once(async move { response }).boxed();
        let socket =
            session.as_ref().and_then(|data| data.get(&TypeId::of::<SocketData>())?.downcast_ref::<SocketData>());
        let (Some(socket), Some(session)) = (socket.cloned(), session.clone()) else {
            return one(errors::refused("UNAUTHENTICATED", "Log in first"));
        };
        let Ok(room) = Arc::clone(&socket.room).try_acquire_owned() else {
            return one(errors::refused("RATE_LIMITED", "Too many operations at once on this connection"));
        };
        let request = request.data(socket.caller.requester().clone()).data(socket.caller);
        let mut request = match Self::prepare(request) {
            Ok(request) => request,
            Err(refused) => return one(*refused),
        };
        let lasts = is_subscription(&mut request);
        let stream = self.schema.execute_stream_with_session_data(request, session);
        held(if lasts { stream } else { in_time(stream) }, room)
    }
}

/// Whether what a request asks for goes on until somebody ends it.
fn is_subscription(request: &mut Request) -> bool {
    let name = request.operation_name.clone();
    let Ok(document) = request.parsed_query() else { return false };
    chosen(document, name.as_deref()).is_some_and(|operation| operation.ty == OperationType::Subscription)
}

/// The operation that a request asks for. Whether there is just one, as there must be, is the validation's to say.
fn chosen<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Option<&'a OperationDefinition> {
    let operation = match (&document.operations, name) {
        (DocumentOperations::Single(operation), _) => Some(operation),
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name),
        // A document's only operation need not be named in the request, whether it has a name or not.
        (DocumentOperations::Multiple(operations), None) => operations.values().next(),
    };
    operation.map(|operation| &operation.node)
}

/// The one answer of an operation that is no subscription, before the deadline.
fn in_time(mut stream: BoxStream<'static, Response>) -> BoxStream<'static, Response> {
    let first =
        async move { timeout(DEADLINE, stream.next()).await.unwrap_or_else(|_elapsed| Some(Admin::too_slow())) };
    stream::once(first).filter_map(future::ready).boxed()
}

/// The stream, with its room until it ends.
fn held(stream: BoxStream<'static, Response>, room: OwnedSemaphorePermit) -> BoxStream<'static, Response> {
    stream
        .map(move |response| {
            let _until_dropped = &room;
            errors::finish(response)
        })
        .boxed()
}
