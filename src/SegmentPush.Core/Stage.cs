namespace SegmentPush;

/// <summary>
/// How far a person has come in a push. The journal holds the stage before the next call is sent, so that a process that is killed
/// leaves a stage from which one rule says how to go on. The numbers are those of the journal.
/// </summary>
internal enum Stage
{
    /// <summary>The row is read and mapped, and no call for it can be under way. Nothing has to be known of it to read it again.</summary>
    Received = 0,

    /// <summary>A call that can create the person is about to leave or has left, and its answer is not known. Data: when it was sent.</summary>
    Sent = 1,

    /// <summary>
    /// The person's record is as it should be. What is left is the list. Data: Marketo's id and what was changed; for a member that is put back,
    /// also when the call for that was sent.
    /// </summary>
    Written = 2,

    /// <summary>The person is in an import file, whose state answers for the person. Data: the number of the file.</summary>
    Imported = 3,

    /// <summary>A call that takes the person off the list is about to leave or has left, and its answer is not known. Data: when it was sent, Marketo's id.</summary>
    SentOff = 4,

    /// <summary>The person has an outcome, which stays.</summary>
    Settled = 5,

    /// <summary>
    /// As <see cref="Written"/>, and this push has not put the person on the list: Marketo has refused the call, or no call has left. Data: as for
    /// <see cref="Written"/>.
    /// </summary>
    NotAdded = 6,
}
