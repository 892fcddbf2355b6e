using System.Management.Automation;

namespace SegmentPush.Streams;

/// <summary>Turns errors of the product into error records: id, category, target, and what to do.</summary>
internal static class ErrorRecords
{
    private static readonly Dictionary<string, ErrorCategory> s_categories = new(StringComparer.Ordinal)
    {
        ["AccessDenied"] = ErrorCategory.PermissionDenied,
        ["PlatformAccessDenied"] = ErrorCategory.PermissionDenied,
        ["PolicyViolated"] = ErrorCategory.PermissionDenied,
        ["PlatformClientIdRefused"] = ErrorCategory.AuthenticationError,
        ["PlatformClientSecretRefused"] = ErrorCategory.AuthenticationError,
        ["PlatformCredentialsRefused"] = ErrorCategory.AuthenticationError,
        ["PlatformCredentialKindWrong"] = ErrorCategory.AuthenticationError,
        ["PlatformScopeRefused"] = ErrorCategory.AuthenticationError,
        ["PlatformTokenRefused"] = ErrorCategory.AuthenticationError,
        ["PlatformApiKeyRefused"] = ErrorCategory.AuthenticationError,
        ["PlatformOrganizationOrProfileWrong"] = ErrorCategory.AuthenticationError,
        ["PlatformNotConnected"] = ErrorCategory.ConnectionError,
        ["PlatformTimedOut"] = ErrorCategory.OperationTimeout,
        ["PlatformExportTooLong"] = ErrorCategory.OperationTimeout,
        ["PlatformRateLimited"] = ErrorCategory.LimitsExceeded,
        ["PlatformUnavailable"] = ErrorCategory.ResourceUnavailable,
        ["PlatformOrganizationNotEnabled"] = ErrorCategory.ResourceUnavailable,
        ["PlatformExportFailed"] = ErrorCategory.InvalidResult,
        ["PlatformFileIncomplete"] = ErrorCategory.InvalidResult,
        ["PlatformRequestRefused"] = ErrorCategory.InvalidOperation,
        ["StaticListExists"] = ErrorCategory.ResourceExists,
        ["PartitionAccessDenied"] = ErrorCategory.PermissionDenied,
        ["InvalidCredentials"] = ErrorCategory.AuthenticationError,
        ["TokenRefused"] = ErrorCategory.AuthenticationError,
        ["ProxyAuthenticationRequired"] = ErrorCategory.AuthenticationError,
        ["TlsFailed"] = ErrorCategory.SecurityError,
        ["EndpointNotSecure"] = ErrorCategory.SecurityError,
        ["SecretFileExposed"] = ErrorCategory.SecurityError,
        ["AccountExposed"] = ErrorCategory.SecurityError,
        ["SecretMissing"] = ErrorCategory.ObjectNotFound,
        ["NotConnected"] = ErrorCategory.ConnectionError,
        ["HostNotFound"] = ErrorCategory.ConnectionError,
        ["ConnectionFailed"] = ErrorCategory.ConnectionError,
        ["ConnectionBroken"] = ErrorCategory.ConnectionError,
        ["ProxyFailed"] = ErrorCategory.ConnectionError,
        ["CallTimedOut"] = ErrorCategory.OperationTimeout,
        ["MarketoTimedOut"] = ErrorCategory.OperationTimeout,
        ["DailyQuotaExceeded"] = ErrorCategory.LimitsExceeded,
        ["DailyReserveReached"] = ErrorCategory.LimitsExceeded,
        ["RateLimited"] = ErrorCategory.LimitsExceeded,
        ["ConcurrencyLimited"] = ErrorCategory.LimitsExceeded,
        ["RequestTooLarge"] = ErrorCategory.LimitsExceeded,
        ["TooManyMatches"] = ErrorCategory.LimitsExceeded,
        ["MarketoBusy"] = ErrorCategory.ResourceBusy,
        ["JournalLocked"] = ErrorCategory.ResourceBusy,
        ["JournalUnreachable"] = ErrorCategory.ResourceUnavailable,
        ["JournalLeaseLost"] = ErrorCategory.ResourceUnavailable,
        ["ListBusy"] = ErrorCategory.ResourceBusy,
        ["DestinationBusy"] = ErrorCategory.ResourceBusy,
        ["PushRunning"] = ErrorCategory.ResourceBusy,
        ["ImportQueueFull"] = ErrorCategory.ResourceBusy,
        ["ExportQueueFull"] = ErrorCategory.ResourceBusy,
        ["ListBeingImported"] = ErrorCategory.ResourceBusy,
        ["SecretManagementMissing"] = ErrorCategory.NotInstalled,
        ["VaultFailed"] = ErrorCategory.ResourceUnavailable,
        ["MarketoUnavailable"] = ErrorCategory.ResourceUnavailable,
        ["MarketoSystemError"] = ErrorCategory.ResourceUnavailable,
        ["SubscriptionUnavailable"] = ErrorCategory.ResourceUnavailable,
        ["JournalDiskFull"] = ErrorCategory.WriteError,
        ["JournalNotWritable"] = ErrorCategory.WriteError,
        ["RejectPathNotWritable"] = ErrorCategory.WriteError,
        ["GuardStopped"] = ErrorCategory.OperationStopped,
        ["NobodyArrived"] = ErrorCategory.InvalidResult,
        ["TooManyRejected"] = ErrorCategory.InvalidResult,
        ["ListMismatch"] = ErrorCategory.InvalidResult,
        ["PlanOutdated"] = ErrorCategory.InvalidData,
        ["PlanNotReadable"] = ErrorCategory.ReadError,
        ["PlanNotWritable"] = ErrorCategory.WriteError,
        ["PushNotLast"] = ErrorCategory.InvalidOperation,
        ["AlreadyUndone"] = ErrorCategory.InvalidOperation,
        ["NotUndoable"] = ErrorCategory.InvalidOperation,
        ["NothingToResume"] = ErrorCategory.InvalidOperation,
        ["NotResumable"] = ErrorCategory.InvalidOperation,
        ["Superseded"] = ErrorCategory.InvalidOperation,
        ["CreatesOpen"] = ErrorCategory.ResourceBusy,
        ["PipelineIncomplete"] = ErrorCategory.InvalidData,
        ["Abandoned"] = ErrorCategory.InvalidOperation,
        ["NothingToAbandon"] = ErrorCategory.InvalidOperation,
        ["HomeNotFound"] = ErrorCategory.ObjectNotFound,
        ["OutputIsSource"] = ErrorCategory.InvalidArgument,
        ["RejectPathIsSource"] = ErrorCategory.InvalidArgument,
        ["OtherInstance"] = ErrorCategory.InvalidOperation,
        ["AccountExists"] = ErrorCategory.ResourceExists,
        ["DestinationExists"] = ErrorCategory.ResourceExists,
        ["FileExists"] = ErrorCategory.ResourceExists,
        ["ConfirmationNotPossible"] = ErrorCategory.InvalidOperation,
        ["FileNotWritable"] = ErrorCategory.WriteError,
        ["DestinationFileMalformed"] = ErrorCategory.InvalidData,
        ["AccountNotWritable"] = ErrorCategory.WriteError,
        ["SecretNotRemoved"] = ErrorCategory.WriteError,
        ["SpoolNotWritable"] = ErrorCategory.WriteError,
        ["FileNotReadable"] = ErrorCategory.ReadError,
        ["AccountNotReadable"] = ErrorCategory.ReadError,
        ["SecretNotReadable"] = ErrorCategory.ReadError,
        ["AccountDamaged"] = ErrorCategory.InvalidData,
        ["JournalDamaged"] = ErrorCategory.InvalidData,
        ["JournalTooNew"] = ErrorCategory.InvalidData,
        ["BinaryFile"] = ErrorCategory.InvalidData,
        ["SourceUnreadable"] = ErrorCategory.InvalidData,
        ["SourceChanged"] = ErrorCategory.InvalidData,
        ["RowCutOff"] = ErrorCategory.InvalidData,
        ["EncodingUnknown"] = ErrorCategory.InvalidData,
        ["EscapeAmbiguous"] = ErrorCategory.InvalidData,
        ["DelimiterAmbiguous"] = ErrorCategory.InvalidData,
        ["PreambleNotUnderstood"] = ErrorCategory.InvalidData,
        ["NewestUnknown"] = ErrorCategory.InvalidData,
        ["SegmentAmbiguous"] = ErrorCategory.InvalidData,
        ["FolderHasNoSegment"] = ErrorCategory.ObjectNotFound,
        ["RejectPathExists"] = ErrorCategory.ResourceExists,
        ["FileEmpty"] = ErrorCategory.InvalidData,
        ["FileHasNoRows"] = ErrorCategory.InvalidData,
        ["SegmentEmpty"] = ErrorCategory.InvalidData,
        ["ImportFailed"] = ErrorCategory.InvalidResult,
        ["ImportIncomplete"] = ErrorCategory.InvalidResult,
        ["ExportIncomplete"] = ErrorCategory.InvalidResult,
        ["SumsDisagree"] = ErrorCategory.InvalidResult,
        ["AnswerEmpty"] = ErrorCategory.ProtocolError,
        ["AnswerNotJson"] = ErrorCategory.ProtocolError,
        ["AnswerTruncated"] = ErrorCategory.ProtocolError,
        ["AnswerWrongContentType"] = ErrorCategory.ProtocolError,
        ["AnswerNotUnderstood"] = ErrorCategory.ProtocolError,
        ["AnswerIncomplete"] = ErrorCategory.ProtocolError,
        ["Redirected"] = ErrorCategory.ProtocolError,
        ["PagingStuck"] = ErrorCategory.ProtocolError,
        ["RequestRefused"] = ErrorCategory.InvalidOperation,
        ["AssetRefused"] = ErrorCategory.InvalidOperation,
        ["FolderNotSuitable"] = ErrorCategory.InvalidOperation,
        ["CallNotSupported"] = ErrorCategory.InvalidOperation,
        ["JournalFailed"] = ErrorCategory.NotSpecified,
    };

    /// <summary>The record of an error.</summary>
    /// <param name="error">The error.</param>
    /// <param name="target">What it is about, where the error does not know better.</param>
    public static ErrorRecord From(SegmentPushException error, object? target = null) =>
        new(error, error.ErrorId, CategoryOf(error.ErrorId), target ?? error.Target)
        {
            ErrorDetails = new ErrorDetails(error.Message) { RecommendedAction = error.RecommendedAction ?? string.Empty },
        };

    /// <summary>The record of an exception that nobody foresaw.</summary>
    public static ErrorRecord FromUnexpected(Exception error) => new(error, "UnexpectedError", ErrorCategory.NotSpecified, null)
    {
        ErrorDetails = new ErrorDetails($"Something went wrong that SegmentPush did not foresee: {error.Message}")
        {
            RecommendedAction = "Try again. If it stays, report what Get-Error shows.",
        },
    };

    // Most other ids say by their name which category they are of.
    private static ErrorCategory CategoryOf(string id) =>
        s_categories.TryGetValue(id, out var category) ? category
        : id.EndsWith("NotFound", StringComparison.Ordinal) ? ErrorCategory.ObjectNotFound
        : ErrorCategory.InvalidArgument;
}
