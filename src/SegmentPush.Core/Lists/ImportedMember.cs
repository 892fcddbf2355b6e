namespace SegmentPush.Lists;

/// <summary>What the list tells of an identity by which an import of the push may have put somebody on it. An import tells no id.</summary>
internal enum ImportedIdentity
{
    /// <summary>The person is a member that the snapshot also knew by another identity.</summary>
    KnownOtherwise,

    /// <summary>The member with the identity is gone, and a person that the snapshot did not know has it by now.</summary>
    Replaced,

    /// <summary>The member has another identity by now, and a person that the snapshot did not know has the old one.</summary>
    LeftBehind,
}

/// <summary>A member with the identity of somebody that an import of the push may have put on the list.</summary>
/// <param name="Number">Number in the snapshot.</param>
/// <param name="Identity">What the list tells of the identity.</param>
internal readonly record struct ImportedMember(int Number, ImportedIdentity Identity);
